"""Which warehouse ships an order, with which carrier service, and why.

Pure: no database, no network, no clock, no randomness. The same arguments give the same answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

from routing.case import WISHES, Case, given_wishes, wanted
from routing.confidence import confidence, confidence_parts, margin
from routing.effects import PreparedRules
from routing.facts import Network, OrderFacts
from routing.prepared import PreparedNetwork
from routing.problems import (
    blocking_problems,
    broken_rule_problem,
    doubt_problems,
    is_tie,
    review_problems,
)
from routing.ranking import allocate_whole, rank_candidates
from routing.result import Candidate, Decision, Problem, Wish
from routing.rules import Rules
from routing.sentences import gate_sentence
from routing.splits import split_candidates

Candidates = tuple[Candidate, ...]


def decide(
    order: OrderFacts,
    network: Network | PreparedNetwork,
    ruleset: Rules | PreparedRules,
    now: datetime,
) -> Decision:
    """Weigh every warehouse × service for the order at the moment `now` (with a time zone).

    Whatever is wrong with the order, the network or the rules becomes a problem of the decision.
    For a batch, pass a PreparedNetwork and PreparedRules. Raises ValueError for a naive `now`.
    """
    if now.tzinfo is None:
        raise ValueError("A decision needs a moment with a time zone.")
    places = network if isinstance(network, PreparedNetwork) else PreparedNetwork(network)
    rules = ruleset if isinstance(ruleset, PreparedRules) else PreparedRules.of(ruleset)
    case = Case.of(order, places, rules, now)
    settled, candidates = _settle(case)
    decision = Decision(
        order=order.number,
        ruleset=rules.rules.version,
        decided_at=now.astimezone(UTC),
        candidates=candidates,
        weights=case.effects.weights,
        threshold=rules.rules.threshold,
        applied_rules=tuple(case.effects.applied),
        holds=tuple(case.effects.holds),
        tags=tuple(case.effects.tags),
        problems=tuple(broken_rule_problem(rule) for rule in rules.broken),
    )
    if not candidates or candidates[0].rank is None:
        return _without_choice(case, decision)
    return _with_choice(case, settled, decision)


def decide_all(
    orders: Iterable[OrderFacts],
    network: Network | PreparedNetwork,
    ruleset: Rules | PreparedRules,
    now: datetime,
) -> Iterator[Decision]:
    """Decide in the given order; each decision sees what the earlier ones left."""
    places = network if isinstance(network, PreparedNetwork) else PreparedNetwork(network)
    rules = ruleset if isinstance(ruleset, PreparedRules) else PreparedRules.of(ruleset)
    for order in orders:
        decision = decide(order, places, rules, now)
        places.take(decision)
        yield decision


def _settle(case: Case) -> tuple[Case, Candidates]:
    """The candidates under as many of the order's wishes as can be honoured.

    Any whole shipment goes before any split: a wish that only a split could meet is refused.
    """
    weighed: list[tuple[Case, Candidates]] = []
    for wishes in _fewer_and_fewer(given_wishes(case.order)):
        attempt = case.with_wishes(wishes)
        whole = rank_candidates(attempt)
        if whole and whole[0].rank == 1:
            best = replace(whole[0], allocations=allocate_whole(attempt, whole[0].warehouse))
            return attempt, (best, *whole[1:])
        weighed.append((attempt, whole))
    for attempt, whole in weighed:
        if splits := split_candidates(attempt, whole):
            return attempt, splits + whole
    return weighed[-1]


def _fewer_and_fewer(wishes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for count in range(len(wishes), -1, -1):
        yield from combinations(wishes, count)


def _without_choice(case: Case, decision: Decision) -> Decision:
    problems = (*blocking_problems(case, decision.candidates), *decision.problems)
    return replace(decision, problems=problems, wishes=_all_refused(case, problems))


def _all_refused(case: Case, problems: Sequence[Problem]) -> tuple[Wish, ...]:
    return tuple(
        Wish(kind, wanted(case.order, kind), False, problems[0].sentence)
        for kind in given_wishes(case.order)
    )


def _with_choice(case: Case, settled: Case, decision: Decision) -> Decision:
    candidates = decision.candidates
    parts = confidence_parts(case, candidates)
    sure, wishes = confidence(parts), _judged(case, settled)
    doubts = () if _is_pinned(case) else doubt_problems(sure, decision.threshold, candidates)
    return replace(
        decision,
        margin_bp=margin(candidates),
        is_tie=is_tie(candidates),
        confidence=sure,
        confidence_parts=parts,
        wishes=wishes,
        problems=(*review_problems(case, candidates[0], wishes), *doubts, *decision.problems),
    )


def _is_pinned(case: Case) -> bool:
    """A person has chosen both; doubt is no longer the machine's."""
    return bool(case.order.pinned_warehouse and case.order.pinned_service)


def _judged(case: Case, settled: Case) -> tuple[Wish, ...]:
    """Each wish of the order: honoured, refused, or set aside by a person's pin."""
    judged = []
    for kind in WISHES:
        if not (asked := wanted(case.order, kind)):
            continue
        if kind in settled.wishes:
            judged.append(Wish(kind, asked, is_honoured=True))
        elif kind in case.wishes:
            judged.append(Wish(kind, asked, is_honoured=False, reason=_why_refused(case, kind)))
    return tuple(judged)


def _why_refused(case: Case, kind: str) -> str:
    """What closes the way for the best candidate that would have met this wish."""
    with_it = rank_candidates(case.with_wishes([kind]))
    suffix = "warehouse_wish" if kind == "warehouse_state" else f"{kind}_wish"
    meeting = [
        candidate
        for candidate in with_it
        if all(gate.passed for gate in candidate.gates if gate.name == suffix)
    ]
    if not meeting:
        return "we have none." if kind == "warehouse_state" else "we know none of that name."
    if meeting[0].rank:
        return "not together with the order's other wishes."
    return " ".join(gate_sentence(meeting[0], gate) for gate in meeting[0].failed_gates[:2])
