"""A network made ready for many decisions: looked up by code, priced from memory. Pure.

Decisions of a batch share one `PreparedNetwork`; `take` books what a decision uses, so that the
next one sees what is left. Nothing outside the object changes.
"""

from bisect import bisect_left
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar, cast

from routing.calendar import Pickup, collects, next_pickup
from routing.facts import Network, OrderFacts, RateFacts, ServiceFacts, StockFacts, WarehouseFacts
from routing.result import Decision

NO_STOCK = StockFacts(0)
MEMORY = 100_000
"""Remembered answers; beyond that many, memory starts afresh."""

T = TypeVar("T")


class PreparedNetwork:
    """A network, indexed. `memory` keeps what depends on the network and on `now` alone."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.warehouses = sorted(network.warehouses, key=lambda row: row.code)
        self.services = sorted(network.services, key=lambda row: row.code)
        self.carriers = {carrier.code: carrier for carrier in network.carriers}
        self.zones = {(zone.carrier, zone.country): zone.zone for zone in network.zones}
        self.stock = {(place, sku.upper()): row for (place, sku), row in network.stock.items()}
        self.loads = dict(network.loads)
        self._rates = {
            (service.code, zone): rates
            for service in network.services
            for zone, rates in _by_zone(service).items()
        }
        self._breaks = {
            key: [rate.up_to_grams for rate in rates] for key, rates in self._rates.items()
        }
        self._transit = {
            (service.code, time.zone): time.days_max
            for service in network.services
            for time in service.transit_times
        }
        self._memory: dict[Hashable, object] = {}
        self._memory_of: datetime | None = None

    def memory(self, now: datetime) -> dict[Hashable, object]:
        """What earlier decisions at this same moment have worked out."""
        if now != self._memory_of or len(self._memory) > MEMORY:
            self._memory, self._memory_of = {}, now
        return self._memory

    def stock_of(self, warehouse: str, sku: str) -> StockFacts:
        return self.stock.get((warehouse, sku), NO_STOCK)

    def load_of(self, warehouse: str) -> int:
        return self.loads.get(warehouse, 0)

    def zone_of(self, carrier: str, country: str) -> str:
        """The rate zone of a foreign country; "" where the carrier does not go."""
        return self.zones.get((carrier, country), "")

    def rates_of(self, service: str, zone: str) -> list[RateFacts]:
        return self._rates.get((service, zone), [])

    def rate_for(self, service: str, zone: str, grams: int) -> RateFacts | None:
        """The first weight break that holds the grams; None where there is none."""
        key = (service, zone)
        breaks = self._breaks.get(key)
        if breaks is None:
            return None
        index = bisect_left(breaks, grams)
        return self._rates[key][index] if index < len(breaks) else None

    def transit_days(self, service: ServiceFacts, zone: str) -> int:
        return self._transit.get((service.code, zone), service.transit_days_max)

    def pickup(self, warehouse: WarehouseFacts, carrier: str, now: datetime) -> Pickup | None:
        memory, key = self.memory(now), ("pickup", warehouse.code, carrier)
        if key not in memory:
            found = collects(warehouse, carrier)
            memory[key] = next_pickup(warehouse, carrier, now) if found else None
        return cast("Pickup | None", memory[key])

    def take(self, decision: Decision) -> None:
        """Book the units and the load of a decision for the decisions that follow."""
        for row in decision.allocations:
            self._move(row.warehouse, row.sku.upper(), row.quantity)
        for place in {row.warehouse for row in decision.allocations}:
            self.loads[place] = self.load_of(place) + 1

    def put_back(self, decision: Decision) -> None:
        """Undo `take`, for a decision that lost a race or was refused."""
        for row in decision.allocations:
            self._move(row.warehouse, row.sku.upper(), -row.quantity)
        for place in {row.warehouse for row in decision.allocations}:
            self.loads[place] = self.load_of(place) - 1

    def set_stock(self, warehouse: str, sku: str, stock: StockFacts) -> None:
        """Replace one level by what the database says now."""
        self.stock[warehouse, sku.upper()] = stock

    def inputs_of(self, order: OrderFacts) -> Network:
        """The network as this order sees it now: all but the stock of other SKUs."""
        skus = order.demand()
        stock = {
            (place.code, sku): self.stock[place.code, sku]
            for place in self.warehouses
            for sku in skus
            if (place.code, sku) in self.stock
        }
        return replace(self.network, stock=stock, loads=dict(self.loads))

    def _move(self, warehouse: str, sku: str, units: int) -> None:
        before = self.stock_of(warehouse, sku)
        self.stock[warehouse, sku] = replace(before, reserved=before.reserved + units)


def _by_zone(service: ServiceFacts) -> dict[str, list[RateFacts]]:
    zones: dict[str, list[RateFacts]] = {}
    for rate in sorted(service.rates, key=lambda rate: (rate.zone, rate.up_to_grams)):
        zones.setdefault(rate.zone, []).append(rate)
    return zones
