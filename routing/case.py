"""One order on the table: its facts, and what every gate and factor asks of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from routing.calendar import local_date
from routing.effects import Effects, PreparedRules
from routing.facts import LineFacts, OrderFacts, QuoteFacts
from routing.geography import destination_country, destination_state, is_military
from routing.parcels import Parcel, pack
from routing.prepared import PreparedNetwork
from routing.rules import Rules

WISHES = ("service", "carrier", "warehouse_state")
"""What an order can ask for by name, the most telling first."""


@dataclass(slots=True)
class Case:
    """An order or one part of it. `wishes` are those in force, of `WISHES`."""

    order: OrderFacts
    network: PreparedNetwork
    rules: Rules
    effects: Effects
    now: datetime
    today: date
    country: str
    state: str
    is_military: bool
    is_hazmat: bool
    has_battery: bool
    parcel: Parcel
    demand: dict[str, int]
    quotes: dict[tuple[str, str], QuoteFacts]
    wishes: frozenset[str]

    @classmethod
    def of(
        cls, order: OrderFacts, network: PreparedNetwork, rules: PreparedRules, now: datetime
    ) -> Self:
        today = local_date(now, rules.rules.time_zone)
        return cls(
            order=order,
            network=network,
            rules=rules.rules,
            effects=rules.effects_on(order, today),
            now=now,
            today=today,
            country=destination_country(order),
            state=destination_state(order),
            is_military=is_military(order),
            is_hazmat=order.is_hazmat,
            has_battery=order.has_battery,
            parcel=pack(order.lines),
            demand=order.demand(),
            quotes={(quote.warehouse, quote.service): quote for quote in order.quotes},
            wishes=frozenset(given_wishes(order)),
        )

    def with_wishes(self, wishes: Iterable[str]) -> "Case":
        return replace(self, wishes=frozenset(wishes))

    def with_lines(self, lines: tuple[LineFacts, ...]) -> "Case":
        """The part of the order that these lines are; rules still saw the whole order."""
        part = replace(self.order, lines=lines, quotes=())
        return replace(
            self,
            order=part,
            is_hazmat=part.is_hazmat,
            has_battery=part.has_battery,
            parcel=pack(lines),
            demand=part.demand(),
            quotes={},
        )

    def wants(self, kind: str) -> str:
        """What the order asked for by name, where that wish is in force."""
        return wanted(self.order, kind) if kind in self.wishes else ""


def wanted(order: OrderFacts, kind: str) -> str:
    return {
        "service": order.wanted_service,
        "carrier": order.wanted_carrier,
        "warehouse_state": order.wanted_warehouse_state,
    }[kind]


def given_wishes(order: OrderFacts) -> list[str]:
    """The wishes that count: a person's pin stands above the customer's wish."""
    pinned = {
        "service": order.pinned_service,
        "carrier": order.pinned_service,
        "warehouse_state": order.pinned_warehouse,
    }
    return [kind for kind in WISHES if wanted(order, kind) and not pinned[kind]]
