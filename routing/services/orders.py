"""Orders as routing reads them: four queries, whatever their number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orders.checks.street import is_base, is_po_box
from orders.models import Order, OrderLine
from routing.facts import LineFacts, OrderFacts
from warehouses.models import BatteryKind, ZipCentroid
from warehouses.zips import find_zips

_CONTACT = {
    "recipient_name": "name",
    "phone": "phone",
    "email": "email",
    "address_1": "street",
    "city": "city",
}


@dataclass(slots=True)
class Loaded:
    """An order with its lines, and the facts made of them."""

    order: Order
    lines: list[OrderLine] = field(default_factory=list)
    facts: OrderFacts = field(default_factory=lambda: OrderFacts(""))


def load_orders(ids: Sequence[int]) -> list[Loaded]:
    """The orders with facts, by promise and age: what is due first is routed first."""
    orders = list(
        Order.objects.filter(pk__in=ids)
        .select_related(
            "wanted_carrier", "wanted_service", "pinned_warehouse", "pinned_service__carrier"
        )
        .prefetch_related("tags")
    )
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    rows = OrderLine.objects.filter(order__in=orders).select_related("product")
    for line in rows.order_by("order_id", "position"):
        lines[line.order_id].append(line)
    zips = find_zips({order.postal_code[:5] for order in orders})
    loaded = [
        Loaded(order, lines[order.pk], facts_of(order, lines[order.pk], zips)) for order in orders
    ]
    return sorted(loaded, key=lambda one: _urgency(one.order))


def _urgency(order: Order) -> tuple[bool, object, object, int]:
    return order.promise_date is None, order.promise_date or 0, order.created_at, order.pk


def facts_of(
    order: Order, lines: Sequence[OrderLine], zips: Mapping[str, ZipCentroid]
) -> OrderFacts:
    place = zips.get(order.postal_code[:5]) if order.country in ("US", "") else None
    return OrderFacts(
        number=order.number,
        source=order.source,
        country=order.country,
        state=order.state,
        postal_code=order.postal_code,
        zip_state=place.state if place else "",
        latitude=float(place.latitude) if place else None,
        longitude=float(place.longitude) if place else None,
        is_po_box=is_po_box(order.address_1) or is_po_box(order.address_2),
        is_military=is_base(order.city, order.state),
        is_business=bool(order.company),
        address_verdict=order.address_verdict,
        missing_contact=tuple(
            word for name, word in _CONTACT.items() if not getattr(order, name).strip()
        ),
        tags=tuple(sorted(tag.name for tag in order.tags.all())) if order.pk else (),
        currency=order.currency or "USD",
        promise_date=order.promise_date,
        wanted_carrier=order.wanted_carrier.code if order.wanted_carrier else "",
        wanted_service=order.wanted_service.code if order.wanted_service else "",
        wanted_warehouse_state=order.wanted_warehouse_state,
        pinned_warehouse=order.pinned_warehouse.code if order.pinned_warehouse else "",
        pinned_service=order.pinned_service.code if order.pinned_service else "",
        lines=tuple(_line(line) for line in lines),
    )


def _line(line: OrderLine) -> LineFacts:
    product = line.product
    if product is None:
        return LineFacts(line.position, line.sku, line.quantity, is_known=False)
    return LineFacts(
        position=line.position,
        sku=product.sku,
        quantity=line.quantity,
        category=product.category,
        weight_grams=product.weight_grams,
        length_mm=product.length_mm,
        width_mm=product.width_mm,
        height_mm=product.height_mm,
        is_hazmat=product.is_hazmat,
        has_battery=product.battery != BatteryKind.NONE,
        unit_price=line.unit_price,
    )
