"""Our side of a comparison: shipments with what we told their platform, a page in few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from integrations.dispatching.outward import address_of, currency_of, price_of, recipient_of
from integrations.drift.values import Ours
from integrations.errors import CannotSay
from integrations.models import Dispatch, DispatchState, RemoteId, RemoteKind, Unmatched
from integrations.platforms.outbound import AddressValue
from orders.models import OrderLine, Shipment, ShipmentState
from orders.parts import PARTS_OF_ORDERS, lines_of, part_of
from warehouses.models import Warehouse

_LEFT = frozenset(
    {
        ShipmentState.SHIPPED,
        ShipmentState.DELIVERED,
        ShipmentState.EXCEPTION,
        ShipmentState.RETURNED,
        ShipmentState.LOST,
    }
)
_MOVING = (DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN)

type_of_mappings = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What one shipment holds and where it leaves from."""

    warehouse: Warehouse | None
    lines: Sequence[OrderLine]


def contents_of(shipment: Shipment) -> Contents:
    """Of an order in parts only its own; by an earlier route, what the order says now."""
    order, lines = shipment.order, list(shipment.order.lines.all())
    part = part_of(order, shipment.part)
    if part is None:
        return Contents(order.warehouse, lines)
    return Contents(part.warehouse, lines_of(part, lines))


def shipments_to_compare() -> QuerySet[Shipment]:
    """Shipments with everything that facts_of reads."""
    return Shipment.objects.select_related("order__warehouse", "service").prefetch_related(
        "order__lines__product", PARTS_OF_ORDERS
    )


def has_left(shipment: Shipment) -> bool:
    return shipment.state in _LEFT


def facts_of(
    platform: str, shipments: Sequence[Shipment], addresses: Mapping[str, AddressValue]
) -> dict[int, Ours]:
    """Our side by the shipments' ids; `addresses` are the platform's own of its warehouses."""
    held = {shipment.pk: contents_of(shipment) for shipment in shipments}
    mappings = _mappings(platform, held.values())
    places = _places(platform, mappings)
    return {
        shipment.pk: _facts(shipment, held[shipment.pk], mappings, places, addresses)
        for shipment in shipments
    }


def in_motion(platform: str, references: Iterable[str], since: datetime) -> set[str]:
    """References that a dispatch is at work on, or was after `since`.

    What the platform said at `since` may be older than what we wrote meanwhile, so that neither a
    difference nor an agreement means anything. A dispatch that waits for a person stands still.
    """
    touched = Q(state__in=_MOVING) | Q(created_at__gte=since) | Q(done_at__gte=since)
    rows = Dispatch.objects.filter(platform=platform, reference__in=set(references))
    moving = rows.filter(touched | Q(tries__ended_at__gte=since))
    return set(moving.order_by().values_list("reference", flat=True))


def _mappings(platform: str, held: Iterable[Contents]) -> type_of_mappings:
    """Ours by theirs for products, and both ways for warehouses, in one query."""
    codes = {line.product.sku for each in held for line in each.lines if line.product}
    kinds = Q(kind=RemoteKind.WAREHOUSE) | Q(kind=RemoteKind.PRODUCT, ours__in=codes)
    rows = RemoteId.objects.filter(kinds, platform=platform)
    return {(row.kind, row.ours): row.theirs for row in rows}


def _places(platform: str, mappings: type_of_mappings) -> dict[str, str]:
    """Our codes by their ids, and their names for what is none of our warehouses."""
    strange = Unmatched.objects.filter(platform=platform, kind=RemoteKind.WAREHOUSE)
    ours = {theirs: ours for (kind, ours), theirs in mappings.items() if kind == "warehouse"}
    return dict(strange.values_list("theirs", "name")) | ours


def _facts(
    shipment: Shipment,
    held: Contents,
    mappings: type_of_mappings,
    places: Mapping[str, str],
    addresses: Mapping[str, AddressValue],
) -> Ours:
    order, house = shipment.order, held.warehouse
    place = mappings.get((RemoteKind.WAREHOUSE, house.code), "") if house else ""
    recipient = AddressValue()
    if house is not None:
        recipient, _remarks = recipient_of(order, house, shipment.platform)
    return Ours(
        remote_id=shipment.remote_id,
        reference=shipment.reference,
        recipient=recipient,
        is_over=shipment.state == ShipmentState.CANCELLED,
        has_left=has_left(shipment),
        has_label=bool(shipment.remote_shipment_id) and shipment.labelled_at is not None,
        tracking_number=shipment.tracking_number,
        units=_units(held.lines),
        skus={theirs: ours for (kind, ours), theirs in mappings.items() if kind == "product"},
        warehouse=house.code if house else "",
        warehouse_remote_id=place,
        origins=_origins(house, addresses.get(place)),
        places=places,
        goods=_goods(shipment, held.lines),
        currency=_currency(shipment, held.lines),
        cost=shipment.cost,
        cost_currency=shipment.currency,
    )


def _units(lines: Sequence[OrderLine]) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in lines:
        sku = line.product.sku if line.product else line.sku
        units[sku] = units.get(sku, 0) + line.quantity
    return units


def _origins(house: Warehouse | None, there: AddressValue | None) -> tuple[AddressValue, ...]:
    """Our own address, and the one that the platform keeps for the place it is mapped to."""
    found = (address_of(house) if house else None, there)
    return tuple(each for each in found if each is not None)


def _goods(shipment: Shipment, lines: Sequence[OrderLine]) -> Decimal | None:
    try:
        return sum((price_of(line, shipment.order) * line.quantity for line in lines), Decimal(0))
    except CannotSay:
        return None


def _currency(shipment: Shipment, lines: Sequence[OrderLine]) -> str:
    try:
        return currency_of(shipment.order, lines) if lines else shipment.order.currency
    except CannotSay:
        return ""
