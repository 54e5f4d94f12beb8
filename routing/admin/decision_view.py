"""A decision as `templates/admin/routing/decision.html` shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from routing.admin.refusals import Shut, shut_places
from routing.result import Candidate, ConfidencePart, Decision, Factor, Problem
from routing.rules import FACTORS
from routing.sentences import confidence_sentence, factor_sentence, gate_sentence, money, reasons
from routing.services.names import Names

NO_ROUTE = "Nothing can ship it"


@dataclass(frozen=True, slots=True)
class FactorCell:
    """One factor of a candidate: points in large, what was measured and how it counts below."""

    points: str
    measured: str
    counts: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One line of the table. `cells` follow the columns, None where nothing was weighed."""

    candidate: Candidate
    name: str
    is_chosen: bool
    score: str
    price: str
    cells: list[FactorCell | None]
    shut: list[str]
    parts: list["CandidateRow"]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A whole decision for the screen; `columns` are the factors, `refused` failed a gate.

    `standing` is the label in the corner: its text and its look. `doubts` heads the
    `problems`, each a sentence and its next step; `unmet` are wishes not met, with the reason.
    """

    title: str
    decision: Decision
    standing: tuple[str, str]
    doubts: str
    route: str
    platform: str
    price: str
    last_safe: str
    lead: str
    reasons: list[str]
    problems: list[tuple[str, str]]
    unmet: list[str]
    confidence: list[tuple[ConfidencePart, str]]
    columns: list[str]
    candidates: list[CandidateRow]
    refused: list[CandidateRow]
    shut: list[Shut]


def decision_view(
    decision: Decision,
    title: str,
    names: Names,
    *,
    standing: tuple[str, str] | None = None,
    last_safe: str = "",
    doubts: str = "",
) -> DecisionView:
    """Everything the template needs, in the names that people know; no query, no clock.

    `standing` says what became of a stored decision, `last_safe` its last safe minute in the
    warehouse's own zone, `doubts` that a person has answered its problems; without them all is told
    from the decision alone.
    """
    rows = [_row(decision, candidate, names) for candidate in decision.candidates]
    best = decision.chosen
    return DecisionView(
        title=title,
        decision=decision,
        standing=standing or _standing(decision),
        doubts=doubts,
        platform=" and ".join(dict.fromkeys(p.platform.capitalize() for p in best.parcels))
        if best
        else "",
        route=route_of(best, names),
        price=money(best.cents, best.currency) if best else "",
        last_safe=last_safe or _last_safe(decision),
        lead=_lead(decision),
        reasons=[names.said(reason) for reason in _reasons(decision)],
        problems=[_problem(problem, names) for problem in decision.problems],
        unmet=[
            names.said(f"{wish.wanted}: {wish.reason}")
            for wish in decision.wishes
            if not wish.is_honoured
        ],
        confidence=[(part, confidence_sentence(part)) for part in decision.confidence_parts],
        columns=[name.capitalize() for name in FACTORS],
        candidates=[row for row in rows if row.candidate.is_eligible],
        refused=[row for row in rows if not row.candidate.is_eligible],
        shut=shut_places(decision.candidates, names),
    )


def route_of(candidate: Candidate | None, names: Names) -> str:
    """“RNO1 · UPS Ground”; of a split shipment, each parcel."""
    if candidate is None:
        return NO_ROUTE
    return " + ".join(
        f"{part.warehouse} · {names.said(part.service)}" for part in candidate.parcels
    )


def _problem(problem: Problem, names: Names) -> tuple[str, str]:
    return names.said(problem.sentence), names.said(problem.next_step)


def _standing(decision: Decision) -> tuple[str, str]:
    if decision.chosen is None:
        return "No route", "danger"
    return (
        ("A person reviews", "warning") if decision.needs_review else ("Goes by itself", "success")
    )


def _last_safe(decision: Decision) -> str:
    minute = decision.last_safe_minute
    return date_format(localtime(minute), "D j M, H:i T") if minute else "–"


def _lead(decision: Decision) -> str:
    best, margin = decision.chosen, decision.margin_bp
    if best is None or margin is None:
        return ""
    if best.is_split:
        return f"{money(margin, best.currency)} cheaper"
    return "a tie" if decision.is_tie else f"{margin / 10_000:.1f} points"


def _reasons(decision: Decision) -> list[str]:
    """Without the problems, which have a box of their own."""
    said = reasons(decision)
    return said[: len(said) - len(decision.problems)]


def _row(decision: Decision, candidate: Candidate, names: Names) -> CandidateRow:
    factors = {factor.name: factor for factor in candidate.factors}
    return CandidateRow(
        candidate=candidate,
        name=route_of(candidate, names),
        is_chosen=candidate is decision.chosen,
        score="–" if candidate.score is None else f"{candidate.score:.1f}",
        price="–" if candidate.cents is None else money(candidate.cents, candidate.currency),
        cells=[_cell(candidate, factors.get(name)) for name in FACTORS],
        shut=[names.said(gate_sentence(candidate, gate)) for gate in candidate.failed_gates],
        parts=[_row(decision, part, names) for part in candidate.parts],
    )


def _cell(candidate: Candidate, factor: Factor | None) -> FactorCell | None:
    if factor is None:
        return None
    return FactorCell(
        points=f"{factor.points:.1f}",
        measured=_measured(candidate, factor),
        counts=f"{factor.value:.2f} × {factor.weight}",
        sentence=factor_sentence(candidate, factor),
    )


def _measured(candidate: Candidate, factor: Factor) -> str:
    if factor.raw is None:
        return "unknown"
    return _UNITS.get(factor.name, lambda _candidate, raw: str(raw))(candidate, factor.raw)


def _days(_candidate: Any, raw: int) -> str:
    return "1 day" if raw == 1 else f"{raw} days"


_UNITS: Mapping[str, Callable[[Candidate, int], str]] = {
    "geography": lambda _candidate, raw: f"{raw} km",
    "cost": lambda candidate, raw: money(raw, candidate.currency),
    "transit": _days,
    "stock": lambda _candidate, raw: f"{raw} left",
    "load": lambda _candidate, raw: f"{raw} today",
    "preference": lambda _candidate, raw: f"{raw} %",
}
