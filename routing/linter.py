"""What is doubtful about a ruleset before it is published. Pure.

Nothing here stops an order; each finding names the rules and the next step.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from routing.decision import decide
from routing.effects import PreparedRules
from routing.facts import LineFacts, Network, OrderFacts, StockFacts
from routing.geography import ASSOCIATED, MILITARY, STATES, TERRITORIES
from routing.prepared import PreparedNetwork
from routing.regions import Territory
from routing.result import Decision
from routing.rules import FORBID, PREFER, REQUIRE, TARGETS, Outcome, Rule, Rules
from routing.validation import validate_rule

PROBE_SKU = "PROBE"
PROBE = LineFacts(1, PROBE_SKU, 1, weight_grams=400, length_mm=150, width_mm=100, height_mm=50)
"""A small parcel that every service takes."""

NAMED_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class LintFinding:
    """`positions` are those of the rules concerned; none for the ruleset as a whole."""

    code: str
    positions: tuple[int, ...]
    sentence: str
    next_step: str


def lint(
    rules: Rules, network: Network | None = None, now: datetime | None = None
) -> list[LintFinding]:
    """Findings in the order of rules; with a network and a moment, unserved places as well."""
    ordered = rules.in_order()
    sound = [rule for rule in ordered if not validate_rule(rule)]
    territories = {id(rule): Territory.of(rule) for rule in sound}
    live = [rule for rule in sound if not territories[id(rule)].is_empty()]
    found = [
        *_empty_ruleset(rules, ordered),
        *_invalid(ordered),
        *_impossible(sound, territories),
        *_shadowed(live, territories),
        *_contradictions_within(live),
        *_contradictions_between(live, territories),
    ]
    found.sort(key=lambda finding: (finding.positions, finding.code))
    if network is not None:
        found += _unknown_codes(live, network)
    if network is not None and now is not None:
        found += _unserved(rules, network, now)
    return found


def _empty_ruleset(rules: Rules, ordered: list[Rule]) -> Iterator[LintFinding]:
    if not ordered:
        sentence = "The ruleset has no active rule, so it routes nothing."
        yield LintFinding("ruleset_empty", (), sentence, "Add a rule before publishing.")
    if not any(rules.weights.values()):
        sentence = "Every weight is 0, so all candidates tie and every order goes to review."
        yield LintFinding("weights_zero", (), sentence, "Give at least one factor a weight.")


def _invalid(ordered: Iterable[Rule]) -> Iterator[LintFinding]:
    for rule in ordered:
        for fault in validate_rule(rule):
            sentence = f"{_named(rule)} would be left out: {fault}"
            yield LintFinding("rule_invalid", (rule.position,), sentence, "Correct the rule.")


def _impossible(
    sound: Iterable[Rule], territories: Mapping[int, Territory]
) -> Iterator[LintFinding]:
    for rule in sound:
        if territories[id(rule)].is_empty():
            sentence = f"{_named(rule)} can never match: its conditions exclude each other."
            step = "Remove one of the conditions, or make two rules of it."
            yield LintFinding("never_matches", (rule.position,), sentence, step)


def _shadowed(live: list[Rule], territories: Mapping[int, Territory]) -> Iterator[LintFinding]:
    for index, rule in enumerate(live):
        mine = territories[id(rule)]
        stops = (earlier for earlier in live[:index] if earlier.stop)
        over = next((stop for stop in stops if mine.lies_within(territories[id(stop)])), None)
        if over:
            sentence = f"{_named(rule)} is never reached: {_named(over)} matches first and stops."
            step = "Move it up, or let the earlier rule go on."
            yield LintFinding("shadowed", (over.position, rule.position), sentence, step)


def _contradictions_within(live: Iterable[Rule]) -> Iterator[LintFinding]:
    for rule in live:
        for target in TARGETS:
            if _leaves_nothing(rule.outcomes, target):
                sentence = f"{_named(rule)} leaves no {target}: what it requires it also forbids."
                step = "Remove one of the two outcomes."
                yield LintFinding("contradicts_itself", (rule.position,), sentence, step)


def _contradictions_between(
    live: list[Rule], territories: Mapping[int, Territory]
) -> Iterator[LintFinding]:
    for earlier, later in combinations(live, 2):
        if not territories[id(earlier)].meets(territories[id(later)]) or earlier.stop:
            continue
        for target in TARGETS:
            alone = (_leaves_nothing(rule.outcomes, target) for rule in (earlier, later))
            if not any(alone) and _leaves_nothing(earlier.outcomes + later.outcomes, target):
                sentence = (
                    f"{_named(earlier)} and {_named(later)} can match the same order, "
                    f"and together they leave no {target}."
                )
                step = "Narrow the conditions of one, or let the earlier one stop."
                positions = (earlier.position, later.position)
                yield LintFinding("contradiction", positions, sentence, step)


def _leaves_nothing(outcomes: Iterable[Outcome], target: str) -> bool:
    concerned = [outcome for outcome in outcomes if outcome.target == target]
    required = [frozenset(o.codes) for o in concerned if o.action == REQUIRE]
    forbidden = [frozenset(o.codes) for o in concerned if o.action == FORBID]
    if not required:
        return False
    return not frozenset.intersection(*required) - frozenset[str]().union(*forbidden)


def _unknown_codes(live: Iterable[Rule], network: Network) -> Iterator[LintFinding]:
    known = {
        "warehouse": {place.code for place in network.warehouses},
        "carrier": {carrier.code for carrier in network.carriers},
        "service": {service.code for service in network.services},
    }
    for rule in live:
        for outcome in rule.outcomes:
            if outcome.action not in (REQUIRE, PREFER, FORBID):
                continue
            for code in sorted(set(outcome.codes) - known[outcome.target]):
                sentence = f"{_named(rule)} names {outcome.target} {code}, which does not exist."
                step = "Choose another from the list, or remove it from the rule."
                yield LintFinding("unknown_code", (rule.position,), sentence, step)


def _unserved(rules: Rules, network: Network, now: datetime) -> Iterator[LintFinding]:
    """Places that the network could serve and these rules leave without any candidate."""
    stocked = {(place.code, PROBE_SKU): StockFacts(10**6) for place in network.warehouses}
    places = PreparedNetwork(replace(network, stock=stocked, loads={}))
    prepared = PreparedRules.of(rules)
    lenient = PreparedRules.of(replace(rules, rules=(_HARMLESS,)))
    unserved: dict[tuple[int, ...], list[str]] = {}
    for name, order in _probes(network):
        decision = decide(order, places, prepared, now)
        if decision.chosen is None and decide(order, places, lenient, now).chosen:
            unserved.setdefault(_restricting(decision, rules), []).append(name)
    for positions, names in sorted(unserved.items()):
        sentence = f"No candidate is left for orders to {_listed(names)}."
        step = "Loosen what these rules require or forbid, or except these destinations."
        yield LintFinding("unserved", positions, sentence, step)


_HARMLESS = Rule(1, "Harmless", outcomes=(Outcome(PREFER, "carrier", ("–",)),))


def _probes(network: Network) -> Iterator[tuple[str, OrderFacts]]:
    """A small parcel to every state and every foreign country of a zone table."""
    bare = OrderFacts("probe", lines=(PROBE,))
    for state in sorted(STATES | TERRITORIES | ASSOCIATED | MILITARY):
        yield state, replace(bare, state=state, postal_code="00000")
    for country in sorted({zone.country for zone in network.zones} - {"US"}):
        yield country, replace(bare, country=country)


def _restricting(decision: Decision, rules: Rules) -> tuple[int, ...]:
    """Positions of the rules that matched and require or forbid something."""
    applied = {(rule.position, rule.name) for rule in decision.applied_rules}
    return tuple(
        rule.position
        for rule in rules.in_order()
        if (rule.position, rule.name) in applied
        and any(outcome.action in (REQUIRE, FORBID) for outcome in rule.outcomes)
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED_AT_MOST])
    more = len(names) - NAMED_AT_MOST
    return f"{shown} and {more} more places" if more > 0 else shown


def _named(rule: Rule) -> str:
    return f"Rule {rule.position} “{rule.name}”"
