"""What the checks read and what they answer: plain values, no database."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from orders.checks.currencies import CURRENCIES
from orders.intake.parsed import Severity
from orders.intake.values.places import NoPlaces, Places


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What checks ask of a product; `value` is one piece in `value_currency`."""

    sku: str
    weight_grams: int | None = None
    value: Decimal = Decimal(0)
    value_currency: str = "USD"
    hs_code: str = ""
    origin_country: str = ""
    customs_description: str = ""
    is_hazmat: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line as ordered; None where the source gave no number, or no product has this SKU."""

    position: int
    sku: str
    quantity: int | None
    unit_price: Decimal | None = None
    title: str = ""
    product: ProductFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOrder:
    """An order as the checks see it; every absent text is empty. `wanted_carrier` is its code."""

    source: str = ""
    number: str = ""
    recipient_name: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    currency: str = ""
    shipping_method: str = ""
    wanted_carrier: str = ""
    order_date: date | None = None
    promise_date: date | None = None
    lines: tuple[CheckedLine, ...] = ()
    is_number_taken: bool = False


class Change(NamedTuple):
    """A proposed correction of one field."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a check noticed: what and where in `message`, what to do in `next_step`.

    `details` holds JSON values; a proposal stands there as {"before": {field: value},
    "after": {field: value}}. `line_position` is None for the order as a whole.
    """

    code: str
    severity: Severity
    field: str
    message: str
    next_step: str
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    line_position: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was found, and what that says about the address: ok, corrected, incomplete,
    unverifiable. `proposal` maps each field with a proposed correction to before and after.
    """

    found: tuple[Found, ...]
    address_verdict: str
    proposal: Mapping[str, Change]

    @property
    def has_errors(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.found)


def knows_no_sku(sku: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What checks may ask. `has_places` is False where no ZIP table is loaded: then no ZIP is
    doubted. `near_skus` gives the known SKUs most like a mistyped one; `vouched` holds the keys
    of addresses that a person vouched for; `post_carriers` deliver to PO boxes and bases.
    """

    today: date
    places: Places = dataclasses.field(default_factory=NoPlaces)
    has_places: bool = True
    near_skus: Callable[[str], tuple[str, ...]] = knows_no_sku
    vouched: frozenset[str] = frozenset()
    currencies: frozenset[str] = CURRENCIES
    home_country: str = "US"
    post_carriers: frozenset[str] = frozenset({"usps"})
