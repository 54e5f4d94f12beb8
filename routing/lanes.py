"""From one warehouse with one service: does it go there, at what price, and when. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from routing.calendar import Pickup, arrival
from routing.case import Case
from routing.facts import RateFacts, ServiceFacts, WarehouseFacts
from routing.gates import gate
from routing.geography import distance_km, domestic_zone
from routing.result import Estimate, Gate


@dataclass(frozen=True, slots=True)
class Lane:
    """The gates of a warehouse × service pair, and the estimate where all are passed."""

    gates: tuple[Gate, ...]
    estimate: Estimate | None
    shut: int = 0
    """How many of the gates failed."""


@dataclass(frozen=True, slots=True)
class Way:
    """What of a lane is the same for a parcel of any weight; no pickup: it is shut."""

    zone: str
    gates: tuple[Gate, ...]
    pickup: Pickup | None = None
    days: int = 0
    arrives_on: date | None = None
    shut: int = 0


def home_zone(case: Case, warehouse: WarehouseFacts) -> str:
    """The rate zone within the warehouse's own country; "" abroad."""
    if case.country != warehouse.country:
        return ""
    return domestic_zone(case.state, distance_km(case.order, warehouse))


def lane_of(
    case: Case, warehouse: WarehouseFacts, service: ServiceFacts, home: str, billable: int | None
) -> Lane:
    """What a parcel of these billable grams meets on this way; remembered for the whole batch."""
    if (warehouse.code, service.code) in case.quotes:
        return _survey(case, warehouse, service, home, billable)
    memory = case.network.memory(case.now)
    key = ("lane", warehouse.code, service.code, case.country, home, billable)
    lane = cast("Lane | None", memory.get(key))
    if lane is None:
        lane = memory[key] = _survey(case, warehouse, service, home, billable)
    return lane


def _survey(
    case: Case, warehouse: WarehouseFacts, service: ServiceFacts, home: str, billable: int | None
) -> Lane:
    way = _way(case, warehouse, service, home)
    rate = _price(case, warehouse, service, way.zone, billable)
    gates = (*way.gates, _rate_gate(case, service, way.zone, billable, rate))
    if rate is None or way.pickup is None or way.arrives_on is None:
        return Lane(gates, None, way.shut + (rate is None))
    return Lane(
        gates,
        Estimate(
            way.zone,
            billable,
            rate.cents,
            rate.currency,
            (warehouse.code, service.code) in case.quotes,
            way.days,
            way.pickup.day,
            way.pickup.at,
            way.arrives_on,
        ),
    )


def _way(case: Case, warehouse: WarehouseFacts, service: ServiceFacts, home: str) -> Way:
    memory = case.network.memory(case.now)
    key = ("way", warehouse.code, service.code, case.country, home)
    way = cast("Way | None", memory.get(key))
    if way is None:
        way = memory[key] = _look_ahead(case, warehouse, service, home)
    return way


def _look_ahead(case: Case, warehouse: WarehouseFacts, service: ServiceFacts, home: str) -> Way:
    zone = home or case.network.zone_of(service.carrier, case.country)
    pickup = case.network.pickup(warehouse, service.carrier, case.now)
    gates = (_pickup_gate(service, pickup), _destination_gate(case, service, home, zone))
    shut = sum([not gate.passed for gate in gates])
    if pickup is None or shut:
        return Way(zone, gates, shut=shut)
    days = case.network.transit_days(service, zone)
    arrives_on = arrival(pickup.day, days, service.delivers_on_saturday)
    return Way(zone, gates, pickup, days, arrives_on)


def _price(
    case: Case, warehouse: WarehouseFacts, service: ServiceFacts, zone: str, billable: int | None
) -> RateFacts | None:
    quote = case.quotes.get((warehouse.code, service.code))
    if quote is not None:
        return RateFacts(zone, billable or 0, quote.cents, quote.currency)
    if billable is None:
        return None
    return case.network.rate_for(service.code, zone, billable)


def _pickup_gate(service: ServiceFacts, pickup: Pickup | None) -> Gate:
    return _pickup_on(service.carrier, pickup.day if pickup else None)


@lru_cache(maxsize=1_024)
def _pickup_on(carrier: str, day: date | None) -> Gate:
    if day is None:
        return gate("pickup", False, "none planned", "a pickup", carrier)
    return gate("pickup", True, f"{day:%a %d %b}", "a pickup", carrier)


def _destination_gate(case: Case, service: ServiceFacts, home: str, zone: str) -> Gate:
    is_home = service.scope == "domestic"
    if is_home != bool(home):
        limit = "the same country" if is_home else "other countries"
        return gate("destination", False, case.country or "no country", limit)
    if service.countries and case.country not in service.countries:
        return gate("destination", False, case.country, f"{len(service.countries)} countries")
    if not zone:
        return gate("destination", False, case.country, "countries its carrier has a zone for")
    return gate("destination", True, f"{case.country}, zone {zone}", "served")


def _rate_gate(
    case: Case, service: ServiceFacts, zone: str, billable: int | None, rate: RateFacts | None
) -> Gate:
    if rate is not None:
        return gate("rate", True, f"zone {zone}, {billable} g", f"up to {rate.up_to_grams} g")
    rates = case.network.rates_of(service.code, zone)
    if not rates:
        return gate("rate", False, f"zone {zone}" if zone else "no zone", "a zone with a rate")
    weight = "weight unknown" if billable is None else f"{billable} g billable"
    return gate("rate", False, weight, f"{rates[-1].up_to_grams} g")
