"""What intake understood: plain values shared by every reader. Pure: no Django, no database."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    """The row or order cannot be used as it is."""
    WARNING = "warning"
    """Usable, but a person should look."""
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value was read: characters [start, end) of the text that was given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Remark:
    """Something intake noticed; `row` is the line a person sees, from 1, or None for all of it."""

    row: int | None
    field: str
    severity: Severity
    code: str
    message: str


@dataclass(slots=True)
class Recipient:
    """The ship-to person and place; an absent value is the empty string."""

    name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(slots=True)
class ParsedLine:
    """One order line; quantity and unit_price are decimal strings, as found valid, else empty."""

    sku: str = ""
    quantity: str = ""
    unit_price: str = ""
    title: str = ""
    row: int | None = None


@dataclass(slots=True)
class ParsedOrder:
    """One order as understood; every value is a string, an absent one is empty."""

    number: str = ""
    date: str = ""
    currency: str = ""
    shipping_method: str = ""
    email: str = ""
    phone: str = ""
    recipient: Recipient = field(default_factory=Recipient)
    lines: list[ParsedLine] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    wanted_carrier: str = ""
    wanted_state: str = ""
    promise_date: str = ""
    notes: str = ""
    text: str = ""
    spans: dict[str, list[Span]] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    """Field → why staff should look at it."""


@dataclass(slots=True)
class Understanding:
    """The whole answer of one paste or file."""

    format: str = ""
    orders: list[ParsedOrder] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Received:
    """One order as understood, with what was noticed about it."""

    order: ParsedOrder
    remarks: tuple[Remark, ...] = ()


def received_of(understanding: Understanding) -> tuple[list[Received], list[Remark]]:
    """Give each order the remarks on its rows; the second list is what belongs to no order."""
    owner = {row: index for index, order in enumerate(understanding.orders) for row in order.rows}
    own: dict[int, list[Remark]] = {}
    others: list[Remark] = []
    for remark in understanding.remarks:
        index = owner.get(remark.row) if remark.row is not None else None
        (others if index is None else own.setdefault(index, [])).append(remark)
    received = [
        Received(order, tuple(own.get(index, ())))
        for index, order in enumerate(understanding.orders)
    ]
    return received, others
