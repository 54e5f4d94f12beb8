"""What is weighed between candidates that passed every gate; each 0–1, in basis points. Pure.

A factor is a function in one of the two tuples below; see docs/routing.md for how to add one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from routing.case import Case
from routing.facts import WarehouseFacts
from routing.geography import distance_km
from routing.result import ONE, Estimate, Factor

PREFERRED_STATES_END = 7_000
"""Warehouses in a preferred state score between this and 1; all others below, by distance."""

NO_WORTH_KM = 5_000
"""Beyond this, about the width of the country, distance makes no further difference."""

ONE_DAY_LATE = 2_000
DAY_LATE = 200
"""What the first day late leaves, and what each further day takes off."""

DAY_ON_THE_WAY = 200
"""Without a promise a day costs little, or every parcel would fly."""


@lru_cache(maxsize=65_536)
def factor(name: str, raw: int | None, value_bp: int, weight: int) -> Factor:
    """A factor; equal ones are one object, for many candidates share theirs."""
    return Factor(name, raw, value_bp, weight, value_bp * weight)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a candidate is compared with: the best of all that passed the gates."""

    cheapest_cents: int
    most_preferred: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One warehouse × service that passed the gates."""

    warehouse: str
    carrier: str
    service: str
    estimate: Estimate


def geography(case: Case, warehouse: WarehouseFacts) -> tuple[int | None, int]:
    """Same state 1, then the ruleset's states in their order, then the nearer the better.

    The raw number is kilometres.
    """
    kilometres = distance_km(case.order, warehouse)
    if case.state and (warehouse.state, warehouse.country) == (case.state, case.country):
        return kilometres, ONE
    preferred = case.rules.state_preferences
    if warehouse.state in preferred:
        step = (ONE - PREFERRED_STATES_END) // (len(preferred) + 1)
        return kilometres, ONE - step * (preferred.index(warehouse.state) + 1)
    if kilometres is None:
        return None, 0
    left = max(0, NO_WORTH_KM - kilometres)
    return kilometres, (PREFERRED_STATES_END - 1) * left // NO_WORTH_KM


def stock_health(case: Case, warehouse: WarehouseFacts) -> tuple[int | None, int]:
    """What would be left over the reorder point, of the SKU that comes off worst.

    The raw number is the units left of that SKU.
    """
    left = [_left(case, warehouse, sku, units) for sku, units in case.demand.items()]
    return min(left, key=lambda pair: (pair[1], pair[0])) if left else (None, 0)


def _left(case: Case, warehouse: WarehouseFacts, sku: str, units: int) -> tuple[int, int]:
    stock = case.network.stock_of(warehouse.code, sku)
    remaining = stock.on_hand - stock.reserved - units
    if remaining >= stock.reorder_point:
        return remaining, ONE
    return remaining, max(0, remaining) * ONE // stock.reorder_point


def load(case: Case, warehouse: WarehouseFacts) -> tuple[int | None, int]:
    """How much of the day's capacity is free; the raw number is today's orders."""
    orders = case.network.load_of(warehouse.code)
    if not warehouse.daily_capacity:
        return orders, ONE
    return orders, max(0, warehouse.daily_capacity - orders) * ONE // warehouse.daily_capacity


def cost(case: Case, offer: Offer, standing: Standing) -> tuple[int | None, int]:
    """The cheapest candidate's price over this one's; the raw number is hundredths.

    A price in another currency than the ruleset's is not compared and counts 0.
    """
    estimate = offer.estimate
    if estimate.currency != case.rules.currency:
        return None, 0
    if estimate.cents <= standing.cheapest_cents:
        return estimate.cents, ONE
    return estimate.cents, standing.cheapest_cents * ONE // estimate.cents


def transit(case: Case, offer: Offer, standing: Standing) -> tuple[int | None, int]:
    """In time for the promise 1, each day late less; without a promise the sooner the better.

    The raw number is days from today until it arrives.
    """
    arrives, promise = offer.estimate.arrives_on, case.order.promise_date
    days = (arrives - case.today).days
    if promise is None:
        return days, max(0, ONE - DAY_ON_THE_WAY * max(0, days - 1))
    late = (arrives - promise).days
    return days, ONE if late <= 0 else max(0, ONE_DAY_LATE - DAY_LATE * (late - 1))


def preference(case: Case, offer: Offer, standing: Standing) -> tuple[int | None, int]:
    """What rules prefer, over the most preferred; the raw number is the sum of percents."""
    percent = preferred_percent(case, offer)
    return percent, percent * ONE // max(100, standing.most_preferred)


def preferred_percent(case: Case, offer: Offer) -> int:
    preferred = case.effects.preferred
    return (
        preferred.get(("warehouse", offer.warehouse), 0)
        + preferred.get(("carrier", offer.carrier), 0)
        + preferred.get(("service", offer.service), 0)
    )


WAREHOUSE_FACTORS: tuple[
    tuple[str, Callable[[Case, WarehouseFacts], tuple[int | None, int]]], ...
] = (
    ("geography", geography),
    ("stock", stock_health),
    ("load", load),
)
OFFER_FACTORS: tuple[tuple[str, Callable[[Case, Offer, Standing], tuple[int | None, int]]], ...] = (
    ("cost", cost),
    ("transit", transit),
    ("preference", preference),
)


def warehouse_factors(case: Case, warehouse: WarehouseFacts) -> tuple[Factor, ...]:
    """Those that depend on the warehouse alone, whatever service is looked at."""
    return tuple(
        factor(name, *measure(case, warehouse), case.effects.weights.get(name, 0))
        for name, measure in WAREHOUSE_FACTORS
    )


def offer_factors(case: Case, offer: Offer, standing: Standing) -> tuple[Factor, ...]:
    """Those that depend on the service as well."""
    return tuple(
        factor(name, *measure(case, offer, standing), case.effects.weights.get(name, 0))
        for name, measure in OFFER_FACTORS
    )


def standing_of(case: Case, offers: list[Offer]) -> Standing:
    estimates = (offer.estimate for offer in offers)
    prices = [each.cents for each in estimates if each.currency == case.rules.currency]
    percents = [preferred_percent(case, offer) for offer in offers]
    return Standing(min(prices, default=0), max(percents, default=0))
