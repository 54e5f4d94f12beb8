"""What the page of a ruleset shows above its figures: doubts, rules, simulations."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from routing.admin.linting import shown_findings
from routing.admin.ruleset_looks import SIMULATION_LABELS, STATE_LABELS
from routing.models import Rule, Ruleset, RulesetState, SimulationState
from routing.rule_changes import ruleset_changes
from routing.rule_words import Names, condition_words, outcomes_words
from routing.services.lifecycle import is_simulated
from routing.services.rules import plain_rule, rules_of
from routing.services.vocabulary import vocabulary

LATEST = 5


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in words."""

    rule: Rule
    when: list[str]
    then: str
    has_doubts: bool


def ruleset_context(ruleset: Ruleset, request: HttpRequest) -> dict[str, Any]:
    """A constant number of queries, however many rules there are."""
    found = shown_findings(ruleset)
    may_edit = ruleset.is_draft and request.user.has_perm("routing.change_ruleset")
    return {
        "ruleset": ruleset,
        "state_look": STATE_LABELS[ruleset.state],
        "found": found,
        "lines": rule_lines(ruleset, {p for one in found for p in one.finding.positions}),
        "may_edit": may_edit,
        "may_copy": not ruleset.is_draft and request.user.has_perm("routing.add_ruleset"),
        "simulations": latest_simulations(ruleset),
        "is_simulated": is_simulated(ruleset),
        "next_step": _next_step(ruleset),
    }


def rule_lines(ruleset: Ruleset, doubtful: set[int]) -> list[RuleLine]:
    names = vocabulary().names
    rows = ruleset.rules.order_by("position").prefetch_related("conditions", "outcomes")
    lines = []
    for row in rows:
        plain = plain_rule(row)
        when = [condition_words(one) for one in plain.conditions]
        then = outcomes_words(plain.outcomes, names)
        lines.append(RuleLine(row, when, then, row.position in doubtful))
    return lines


def latest_simulations(ruleset: Ruleset) -> list[Any]:
    rows = list(ruleset.simulations.select_related("created_by")[:LATEST])
    for row in rows:
        row.look = SIMULATION_LABELS[row.state]
        row.is_old = row.ruleset_version != ruleset.version
    return rows


def publish_details(ruleset: Ruleset) -> dict[str, Any]:
    """What somebody should know before it is published."""
    in_force = Ruleset.objects.filter(state=RulesetState.PUBLISHED).first()
    return {
        "ruleset": ruleset,
        "in_force": in_force,
        "changes": _changes(in_force, ruleset, vocabulary().names),
        "found": shown_findings(ruleset),
        "simulation": ruleset.simulations.filter(
            state=SimulationState.DONE, ruleset_version=ruleset.version
        ).first(),
    }


def _changes(in_force: Ruleset | None, ruleset: Ruleset, names: Names) -> list[str]:
    """Against what orders are routed by now; nothing to compare for the first one."""
    if in_force is None or in_force == ruleset:
        return []
    told = ruleset_changes(rules_of(in_force), rules_of(ruleset), names)
    # The one figure that decisions do not know: sending compares the live price with it.
    was, now = in_force.price_margin_percent, ruleset.price_margin_percent
    return told if was == now else [*told, f"Price margin, %: {was} → {now}."]


def _next_step(ruleset: Ruleset) -> str:
    match ruleset.state:
        case RulesetState.DRAFT:
            return (
                "A draft: orders know nothing of it. Edit the rules, try it on orders, "
                "simulate it, then publish."
            )
        case RulesetState.SCHEDULED:
            return "It comes into force by itself at the time shown. It never changes any more."
        case RulesetState.PUBLISHED:
            return "Orders are routed by it now. It never changes; copy it to change something."
    return "It was in force once or scheduled. It can be put in force again as it is."
