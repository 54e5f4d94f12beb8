"""Which parts orders ship in, written for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.bulk import insert_many
from orders.models import Order, OrderPart, PartLine


@dataclass(frozen=True, slots=True)
class NewPart:
    """One parcel of an order; `units` maps ids of order lines to units."""

    warehouse_id: int
    service_id: int
    units: Mapping[int, int]
    estimated_cost: Decimal | None = None
    estimated_currency: str = ""


def write_parts(parts: Mapping[int, Sequence[NewPart]]) -> None:
    """Split these orders (by id) into two or more parts each, in the caller's transaction.

    Those that were split before are asked of `forget_parts` first.
    """
    rows = [
        (one, _row(order_id, n, one))
        for order_id, its in parts.items()
        for n, one in enumerate(its, start=1)
    ]
    insert_many([row for _one, row in rows])
    insert_many(
        [
            PartLine(part=row, line_id=line, quantity=units)
            for one, row in rows
            for line, units in one.units.items()
        ]
    )
    by_count: dict[int, list[int]] = defaultdict(list)
    for order_id, its in parts.items():
        by_count[len(its)].append(order_id)
    for count, ids in by_count.items():
        Order.objects.filter(pk__in=ids).update(parcels=count)


def forget_parts(order_ids: Sequence[int]) -> None:
    """These orders ship whole again, or not at all; in the caller's transaction."""
    OrderPart.objects.filter(order__in=order_ids).delete()
    Order.objects.filter(pk__in=order_ids).update(parcels=1)


def _row(order_id: int, n: int, one: NewPart) -> OrderPart:
    return OrderPart(
        order_id=order_id,
        n=n,
        warehouse_id=one.warehouse_id,
        service_id=one.service_id,
        estimated_cost=one.estimated_cost,
        estimated_currency=one.estimated_currency,
    )
