"""A ruleset as plain values: conditions, outcomes, and the figures staff may set. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FACTORS = ("geography", "cost", "transit", "stock", "load", "preference")
CONFIDENCE_PARTS = ("margin", "address", "contact", "stock", "estimates")
TARGETS = ("warehouse", "carrier", "service")

REQUIRE = "require"
PREFER = "prefer"
FORBID = "forbid"
SET_WEIGHTS = "set_weights"
HOLD = "hold"
TAG = "tag"
REVIEW = "review"

ACTIONS: Mapping[str, str] = {
    REQUIRE: "Require",
    PREFER: "Prefer",
    FORBID: "Forbid",
    SET_WEIGHTS: "Set the weights",
    HOLD: "Put on hold",
    TAG: "Tag",
    REVIEW: "Send to review",
}
"""What a rule can do, with the words on screen."""

DEFAULT_WEIGHTS: Mapping[str, int] = {
    "geography": 30,
    "cost": 20,
    "transit": 20,
    "stock": 3,
    "load": 2,
    "preference": 25,
}
DEFAULT_CONFIDENCE: Mapping[str, int] = {
    "margin": 30,
    "address": 30,
    "contact": 15,
    "stock": 15,
    "estimates": 10,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about an order, as a form gives it. See `conditions.FIELDS`.

    `values` are texts; `currency` goes with the field `value` alone.
    """

    field: str
    operator: str
    values: tuple[str, ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule does. `target` and `codes` go with require, prefer and forbid.

    `percent` is how strongly to prefer (1–100); `weights` go with set_weights; `codes` are the
    tags of tag; `text` is the reason of hold and review.
    """

    action: str
    target: str = ""
    codes: tuple[str, ...] = ()
    percent: int = 100
    weights: Mapping[str, int] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """When all conditions hold, every outcome applies; `stop` ends the list there."""

    position: int
    name: str
    conditions: tuple[Condition, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    stop: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the ruleset. Weights are whole numbers of 0 or more; only ratios matter.

    `smallest_part_units` is the fewest units a part of a split shipment may have. A lead of
    `full_margin_percent` of the highest score makes the margin's part of confidence full.
    """

    version: int
    rules: tuple[Rule, ...] = ()
    weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    confidence_weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_CONFIDENCE))
    threshold: int = 60
    state_preferences: tuple[str, ...] = ("NV", "CA")
    max_parcels: int = 3
    smallest_part_units: int = 1
    fresh_stock_days: int = 7
    stale_stock_days: int = 30
    full_margin_percent: int = 3
    currency: str = "USD"
    time_zone: str = "America/Los_Angeles"

    def in_order(self) -> list[Rule]:
        """The active rules by position, however the rows came."""
        active = (rule for rule in self.rules if rule.is_active)
        return sorted(active, key=lambda rule: (rule.position, rule.name))
