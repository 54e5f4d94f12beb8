"""What ships together: the parts of an order, or the order itself where it is whole."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from orders.models import Order, OrderLine, OrderPart
from warehouses.models import CarrierService, Warehouse

_ROWS = (
    OrderPart.objects.select_related("warehouse", "service__carrier")
    .prefetch_related("lines")
    .order_by("n")
)
PARTS_OF_ORDERS = Prefetch("order__parts", _ROWS)
"""For a page of shipments: with it, parts_of asks nothing more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One parcel of an order. `units` maps ids of order lines to units; None: all of every line."""

    n: int
    of: int
    warehouse: Warehouse | None
    service: CarrierService | None
    estimated_cost: Decimal | None
    estimated_currency: str
    units: Mapping[int, int] | None = None
    is_left_out: bool = False

    def __str__(self) -> str:
        """As in “Part 2 of 3 from RNO1”; nothing where the order is whole."""
        return f"Part {self.n} of {self.of} from {self.warehouse}" if self.of > 1 else ""

    def tell(self, sentence: str) -> str:
        """The sentence, with the part's name before it where there are several."""
        return f"{self}: {sentence}" if self.of > 1 else sentence


def parts_of(order: Order) -> tuple[Part, ...]:
    """By number; no query for an order that ships whole."""
    if order.parcels == 1:
        return (_whole(order),)
    is_loaded = "parts" in getattr(order, "_prefetched_objects_cache", {})
    rows = order.parts.all() if is_loaded else _ROWS.filter(order=order)
    return tuple(_part(row, order) for row in rows)


def part_of(order: Order, n: int) -> Part | None:
    """The n-th part; None where the order is not split like that any more."""
    return next((part for part in parts_of(order) if part.n == n), None)


def lines_of(part: Part, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """What of the order's lines travels in the part, each with the units that do.

    Copies, never to be saved.
    """
    if part.units is None:
        return list(lines)
    found = [copy(line) for line in lines if line.pk in part.units]
    for line in found:
        line.quantity = part.units[line.pk]
    return found


def _whole(order: Order) -> Part:
    return Part(
        1, 1, order.warehouse, order.service, order.estimated_cost, order.estimated_currency
    )


def _part(row: OrderPart, order: Order) -> Part:
    return Part(
        row.n,
        order.parcels,
        row.warehouse,
        row.service,
        row.estimated_cost,
        row.estimated_currency,
        {line.line_id: line.quantity for line in row.lines.all()},
        row.left_out_at is not None,
    )
