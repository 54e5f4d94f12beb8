"""What a decision is: every candidate with its numbers, and why one was chosen. Pure.

Values, points and scores are whole basis points (10000 is 1), so that sums and comparisons are
exact on every machine; the properties without `_bp` are for reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from routing.effects import AppliedRule

ONE = 10_000
"""The value 1 in basis points."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard condition, the measured value, and the limit it was held against."""

    name: str
    passed: bool
    value: str
    limit: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """A measured number (`raw`, in the factor's own unit), its value 0–1, and its weight."""

    name: str
    raw: int | None
    value_bp: int
    weight: int
    points_bp: int

    @property
    def value(self) -> float:
        return self.value_bp / ONE

    @property
    def points(self) -> float:
        return self.points_bp / ONE


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the parcel would cost and when it would arrive. `days` are business days at most."""

    zone: str
    billable_grams: int | None
    cents: int
    currency: str
    is_quoted: bool
    days: int
    pickup_day: date
    pickup_at: datetime
    arrives_on: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units of one order line, and the warehouse they come from."""

    position: int
    sku: str
    warehouse: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One warehouse × carrier service; of a split shipment, the parts and their codes joined."""

    warehouse: str
    carrier: str
    service: str
    platform: str
    gates: tuple[Gate, ...] = ()
    factors: tuple[Factor, ...] = ()
    score_bp: int | None = None
    rank: int | None = None
    estimate: Estimate | None = None
    allocations: tuple[Allocation, ...] = ()
    parts: tuple["Candidate", ...] = ()

    @property
    def is_eligible(self) -> bool:
        return self.rank is not None

    @property
    def is_split(self) -> bool:
        return bool(self.parts)

    @property
    def failed_gates(self) -> tuple[Gate, ...]:
        return tuple(gate for gate in self.gates if not gate.passed)

    @property
    def score(self) -> float | None:
        return None if self.score_bp is None else self.score_bp / ONE

    @property
    def parcels(self) -> tuple["Candidate", ...]:
        """The parts, or the candidate itself where it is whole."""
        return self.parts or (self,)

    @property
    def cents(self) -> int | None:
        """All parcels together; None where one has no price or currencies differ."""
        estimates = [part.estimate for part in self.parcels]
        if len({estimate.currency if estimate else "" for estimate in estimates}) != 1:
            return None
        return sum(estimate.cents for estimate in estimates if estimate) if estimates[0] else None

    @property
    def currency(self) -> str:
        first = self.parcels[0].estimate
        return first.currency if first else ""

    @property
    def arrives_on(self) -> date | None:
        """The day on which the last parcel is there."""
        return max(
            (part.estimate.arrives_on for part in self.parcels if part.estimate), default=None
        )

    @property
    def last_safe_minute(self) -> datetime | None:
        """Until when every parcel still makes the pickup it was planned with, in UTC."""
        return min(
            (part.estimate.pickup_at for part in self.parcels if part.estimate), default=None
        )


@dataclass(frozen=True, slots=True)
class ConfidencePart:
    """One reason to be sure or unsure: 0–100, its weight, and what was found."""

    name: str
    percent: int
    weight: int
    found: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was chosen (`is_blocking`) or why a person must look, and the next step."""

    code: str
    sentence: str
    next_step: str
    is_blocking: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the order asked for by name, and what became of it."""

    kind: str
    wanted: str
    is_honoured: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with everything it was weighed against.

    `candidates` stand by rank, those with a failed gate last. `margin_bp` is the lead of the first
    over the second in score (of splits: in hundredths of the currency), None without a second.
    """

    order: str
    ruleset: int
    decided_at: datetime
    candidates: tuple[Candidate, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    margin_bp: int | None = None
    is_tie: bool = False
    confidence: int = 0
    confidence_parts: tuple[ConfidencePart, ...] = ()
    threshold: int = 0
    problems: tuple[Problem, ...] = ()
    wishes: tuple[Wish, ...] = ()
    applied_rules: tuple[AppliedRule, ...] = ()
    holds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def chosen(self) -> Candidate | None:
        best = self.candidates[0] if self.candidates else None
        blocked = any(problem.is_blocking for problem in self.problems)
        return best if best and best.rank == 1 and not blocked else None

    @property
    def runner_up(self) -> Candidate | None:
        second = self.candidates[1] if len(self.candidates) > 1 else None
        return second if second and second.rank == 2 else None

    @property
    def needs_review(self) -> bool:
        return bool(self.problems)

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """What to reserve, line by line."""
        return self.chosen.allocations if self.chosen else ()

    @property
    def last_safe_minute(self) -> datetime | None:
        return self.chosen.last_safe_minute if self.chosen else None
