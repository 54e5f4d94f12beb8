"""How sure a decision is, 0–100, from parts that are each shown. Pure."""

from collections.abc import Sequence
from datetime import datetime

from routing.case import Case
from routing.result import ONE, Candidate, ConfidencePart

ADDRESS_PERCENT = {"ok": 100, "corrected": 80, "unchecked": 50, "unverifiable": 30}
"""By the order's address verdict; any other verdict (incomplete) counts 0."""

CONTACT_COSTS = {"name": 60, "street": 60, "city": 40, "phone": 25, "email": 15}
"""What each missing piece takes off."""

RATE_CARD_COST = 20
ZONE_ASSUMED_COST = 50
SIZE_UNKNOWN_COST = 30
DAY_SECONDS = 86_400


def confidence_parts(case: Case, candidates: Sequence[Candidate]) -> tuple[ConfidencePart, ...]:
    """The parts, for the first of these ranked candidates."""
    found = {
        "margin": _margin(case, candidates),
        "address": _address(case),
        "contact": _contact(case),
        "stock": _freshness(case, candidates[0]),
        "estimates": _estimates(case, candidates[0]),
    }
    weights = case.rules.confidence_weights
    return tuple(
        ConfidencePart(name, percent, weights.get(name, 0), words)
        for name, (percent, words) in found.items()
    )


def confidence(parts: Sequence[ConfidencePart]) -> int:
    """The weighted mean of the parts, rounded down; 0 where no part has a weight."""
    weight = sum(part.weight for part in parts)
    return sum(part.percent * part.weight for part in parts) // weight if weight else 0


def margin(candidates: Sequence[Candidate]) -> int | None:
    """The lead of the first over the second: in score, or between splits in price."""
    if len(candidates) < 2 or candidates[1].rank is None:
        return None
    first, second = candidates[:2]
    if first.is_split:
        return None if first.cents is None or second.cents is None else second.cents - first.cents
    return (first.score_bp or 0) - (second.score_bp or 0)


def _margin(case: Case, candidates: Sequence[Candidate]) -> tuple[int, str]:
    lead = margin(candidates)
    if lead is None:
        return 100, "no other candidate"
    whole = _whole(case, candidates[0])
    if not whole:
        return 0, "nothing to tell the candidates apart"
    tenths = lead * 1000 // whole
    full = max(1, case.rules.full_margin_percent) * 10
    return min(100, 100 * tenths // full), f"{tenths // 10}.{tenths % 10} % ahead of the second"


def _whole(case: Case, best: Candidate) -> int:
    """What the lead is a share of: the highest possible score, or the price of a split."""
    if best.is_split:
        return best.cents or 0
    return sum(case.effects.weights.values()) * ONE


def _address(case: Case) -> tuple[int, str]:
    verdict = case.order.address_verdict
    return ADDRESS_PERCENT.get(verdict, 0), verdict


def _contact(case: Case) -> tuple[int, str]:
    missing = sorted(case.order.missing_contact)
    if not missing:
        return 100, "complete"
    cost = sum(CONTACT_COSTS.get(name, 0) for name in missing)
    return max(0, 100 - cost), f"missing {', '.join(missing)}"


def _freshness(case: Case, best: Candidate) -> tuple[int, str]:
    """By the oldest count among the units taken; never counted is as old as can be."""
    ages = [_days_since_count(case, row.warehouse, row.sku) for row in best.allocations]
    counted = [age for age in ages if age is not None]
    if len(counted) < len(ages) or not counted:
        return 0, "never counted"
    oldest, fresh, stale = max(counted), case.rules.fresh_stock_days, case.rules.stale_stock_days
    found = f"counted {oldest} days ago"
    if oldest <= fresh:
        return 100, found
    if oldest >= stale:
        return 0, found
    return 100 * (stale - oldest) // (stale - fresh), found


def _days_since_count(case: Case, warehouse: str, sku: str) -> int | None:
    counted_at: datetime | None = case.network.stock_of(warehouse, sku.upper()).counted_at
    if counted_at is None:
        return None
    return max(0, int((case.now - counted_at).total_seconds()) // DAY_SECONDS)


def _estimates(case: Case, best: Candidate) -> tuple[int, str]:
    estimates = [part.estimate for part in best.parcels if part.estimate]
    cost = 0
    used: list[str] = []
    if not all(estimate.is_quoted for estimate in estimates):
        cost, used = cost + RATE_CARD_COST, [*used, "price from the rate card"]
    if case.country == "US" and case.order.latitude is None:
        cost, used = cost + ZONE_ASSUMED_COST, [*used, "ZIP not in the table, zone assumed"]
    if case.parcel.sides_mm is None:
        cost, used = cost + SIZE_UNKNOWN_COST, [*used, "size unknown"]
    return max(0, 100 - cost), "; ".join(used) or "nothing estimated"
