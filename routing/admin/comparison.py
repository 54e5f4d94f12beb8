"""Two decisions of one order side by side, candidate by candidate."""

from collections.abc import Iterator
from dataclasses import dataclass

from routing.admin.decision_view import CandidateRow, DecisionView, decision_view
from routing.compare import change
from routing.result import Candidate, Decision
from routing.services.names import Names

LAST = 10**6
SHOWN = 8
"""Candidates shown at once; the others are a click away."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One candidate on both sides; `is_same` when nothing about it differs."""

    name: str
    before: CandidateRow | None
    after: CandidateRow | None
    is_same: bool
    is_chosen: bool

    @property
    def is_open(self) -> bool:
        """It passed every gate on one side at least."""
        return any(row and row.candidate.is_eligible for row in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    before: DecisionView
    after: DecisionView
    sentences: tuple[str, ...]
    pairs: list[Pair]
    more: list[Pair]
    refused: list[Pair]


def comparison(
    before: Decision, after: Decision, before_title: str, after_title: str, names: Names
) -> Comparison:
    """What the template shows; `sentences` are empty when the outcome is the same."""
    sides = decision_view(before, before_title, names), decision_view(after, after_title, names)
    pairs = sorted(_pairs(*sides), key=_place)
    open_ones = [pair for pair in pairs if pair.is_open]
    return Comparison(
        *sides,
        sentences=tuple(names.said(said) for said in change(before, after).sentences),
        pairs=open_ones[:SHOWN] + [pair for pair in open_ones[SHOWN:] if pair.is_chosen],
        more=[pair for pair in open_ones[SHOWN:] if not pair.is_chosen],
        refused=[pair for pair in pairs if not pair.is_open],
    )


def _pairs(before: DecisionView, after: DecisionView) -> Iterator[Pair]:
    old, new = (_by_key(view) for view in (before, after))
    for key in dict.fromkeys([*new, *old]):
        first, second = old.get(key), new.get(key)
        rows = [row for row in (first, second) if row]
        yield Pair(
            name=rows[0].name,
            before=first,
            after=second,
            is_same=first == second,
            is_chosen=any(row.is_chosen for row in rows),
        )


def _by_key(view: DecisionView) -> dict[tuple[object, ...], CandidateRow]:
    return {_key(row.candidate): row for row in [*view.candidates, *view.refused]}


def _key(candidate: Candidate) -> tuple[object, ...]:
    shares = candidate.allocations if candidate.is_split else ()
    return candidate.warehouse, candidate.service, shares


def _place(pair: Pair) -> tuple[int, int, str]:
    ranks = [(row.candidate.rank if row else None) or LAST for row in (pair.after, pair.before)]
    return ranks[0], ranks[1], pair.name
