"""Veeqo's answers, read into our words. Pure; only Unintelligible is raised.

Facts: contract §3 (objects), §15 (labels), §18 (states). Scalars are loose there: ids and money
come as numbers or strings, lists as single objects, keys may be missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.platforms import reading
from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import (
    Label,
    LabelState,
    RemoteLine,
    RemoteOrder,
    RemoteState,
)

_STATES = {
    "awaiting_payment": RemoteState.AWAITING_PAYMENT,
    "awaiting_stock": RemoteState.AWAITING_STOCK,
    "awaiting_fulfillment": RemoteState.OPEN,
    "shipped": RemoteState.SHIPPED,
    "on_hold": RemoteState.ON_HOLD,
    "cancelled": RemoteState.CANCELLED,
    "refunded": RemoteState.REFUNDED,
}
# Set as soon as the carrier has the parcel (contract §3.11).
_ON_ITS_WAY = (
    "collected_at",
    "in_transit_at",
    "in_clearance_at",
    "out_for_delivery_at",
    "attempted_delivery_at",
    "delivered_at",
    "delivered_to_secure_location_at",
    "returned_to_sender_at",
)


@dataclass(frozen=True, slots=True)
class Package:
    """The parcel stored on an allocation, which is what rates are made of."""

    weight: Decimal | None
    weight_unit: str
    depth: Decimal | None
    width: Decimal | None
    height: Decimal | None
    dimensions_unit: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """One parcel from one warehouse; `units` are quantities by sellable id."""

    id: str
    warehouse_id: str
    units: Mapping[str, int]
    package: Package | None = None
    label: Label | None = None
    is_on_its_way: bool = False


@dataclass(frozen=True, slots=True)
class VeeqoOrder:
    """An order in our words, with the allocations that are Veeqo's own affair."""

    remote: RemoteOrder
    allocations: tuple[Allocation, ...]
    units: Mapping[str, int]
    total: Decimal | None


def read_order(body: Any) -> VeeqoOrder:
    """An order (contract §3.14)."""
    order = reading.as_object(body, "The order")
    allocations = tuple(map(read_allocation, reading.members(order, "allocations")))
    words = reading.text(order, "status")
    state = RemoteState.CANCELLED if reading.text(order, "cancelled_at") else _state(words)
    lines = tuple(map(_line, reading.members(order, "line_items")))
    remote = RemoteOrder(
        remote_id=reading.identifier(order, "id", "The order"),
        reference=reading.text(order, "number"),
        state=state,
        words=words,
        recipient=_recipient(order),
        warehouse_remote_ids=_distinct(each.warehouse_id for each in allocations),
        lines=lines,
        total=reading.decimal(order, "total_price"),
        tax=reading.decimal(order, "total_tax"),
        delivery=reading.decimal(reading.child(order, "delivery_method"), "cost"),
        currency=reading.text(order, "currency_code"),
        store=reading.optional_identifier(reading.child(order, "channel"), "id"),
        label=_label(allocations),
        created_at=reading.moment(order, "created_at"),
        updated_at=reading.moment(order, "updated_at"),
    )
    return VeeqoOrder(remote, allocations, _units(lines), remote.total)


def read_allocation(body: Any) -> Allocation:
    """An allocation, embedded in an order or alone (contract §3.9)."""
    allocation = reading.as_object(body, "The allocation")
    shipment = reading.child(allocation, "shipment")
    return Allocation(
        id=reading.identifier(allocation, "id", "The allocation"),
        warehouse_id=reading.optional_identifier(reading.child(allocation, "warehouse"), "id"),
        units=_units(map(_line, reading.members(allocation, "line_items"))),
        package=_embedded_package(allocation),
        label=read_shipment(shipment) if shipment else None,
        is_on_its_way=_is_on_its_way(shipment),
    )


def read_package(body: Any) -> Package:
    """The stored package; flat, or wrapped as JSON:API (contract §12.1)."""
    record = reading.as_object(body, "The package")
    record = reading.child(record, "data") or record
    record = reading.child(record, "attributes") or record
    return Package(
        weight=reading.decimal(record, "weight"),
        weight_unit=reading.text(record, "weight_unit"),
        depth=reading.decimal(record, "depth"),
        width=reading.decimal(record, "width"),
        height=reading.decimal(record, "height"),
        dimensions_unit=reading.text(record, "dimensions_unit"),
    )


def read_shipment(body: Any) -> Label:
    """A bought label: the shipment of an allocation, or the answer to a purchase (§3.11, §15.2)."""
    record = reading.as_object(body, "The shipment")
    record = reading.child(record, "shipment") or record
    charges = reading.child(record, "outbound_label_charges")
    number = reading.child(record, "tracking_number")
    return Label(
        shipment_id=reading.identifier(record, "id", "The shipment"),
        state=LabelState.VOIDED if reading.flag(number, "cancelled") else LabelState.READY,
        carrier=_carrier(record),
        tracking_number=reading.text(number, "tracking_number")
        or reading.text(record, "tracking_number"),
        tracking_url=reading.text(record, "tracking_url"),
        cost=reading.decimal(charges, "value"),
        currency=reading.text(charges, "unit"),
    )


def read_customer_id(body: Any, email: str) -> str:
    """The id of the customer with exactly this e-mail, or ""; the search is fuzzy."""
    listed = reading.as_list(body, "The list of customers")
    customers = (each for each in listed if isinstance(each, Mapping))
    wanted = email.casefold()
    matches = (each for each in customers if reading.text(each, "email").casefold() == wanted)
    return next((reading.optional_identifier(each, "id") for each in matches), "")


def _state(words: str) -> RemoteState:
    return _STATES.get(words, RemoteState.UNKNOWN)


def _label(allocations: Sequence[Allocation]) -> Label | None:
    """A bought one before a voided one."""
    labels = [each.label for each in allocations if each.label]
    return next((label for label in labels if label.is_bought), labels[0] if labels else None)


def _line(line: Mapping[str, Any]) -> RemoteLine:
    sellable = reading.child(line, "sellable")
    return RemoteLine(
        sku=reading.text(sellable, "sku_code"),
        quantity=reading.whole(line, "quantity"),
        unit_price=reading.decimal(line, "price_per_unit"),
        product_remote_id=reading.optional_identifier(sellable, "id"),
    )


def _units(lines: Any) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in lines:
        units[line.product_remote_id] = units.get(line.product_remote_id, 0) + (line.quantity or 0)
    return units


def _distinct(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _recipient(order: Mapping[str, Any]) -> AddressValue | None:
    """`deliver_to` is null on marketplace orders awaiting payment."""
    record = reading.child(order, "deliver_to")
    return read_address(record) if record else None


def read_address(record: Mapping[str, Any]) -> AddressValue:
    """A delivery address; Veeqo keeps first and last name apart (contract §3.2)."""
    first, last = reading.text(record, "first_name"), reading.text(record, "last_name")
    return AddressValue(
        name=f"{first} {last}".strip(),
        company=reading.text(record, "company"),
        line_1=reading.text(record, "address1"),
        line_2=reading.text(record, "address2"),
        city=reading.text(record, "city"),
        state=reading.text(record, "state"),
        postal_code=reading.text(record, "zip"),
        country=reading.text(record, "country"),
        phone=reading.text(record, "phone"),
        email=reading.text(record, "email"),
    )


def _embedded_package(allocation: Mapping[str, Any]) -> Package | None:
    record = reading.child(allocation, "allocation_package")
    return read_package(record) if record else None


def _carrier(shipment: Mapping[str, Any]) -> str:
    words = reading.first_text(
        shipment, "sub_carrier_id", "service_carrier", "service_carrier_name"
    ) or reading.text(reading.child(shipment, "carrier"), "name")
    return reading.carrier_code(words)


def _is_on_its_way(shipment: Mapping[str, Any]) -> bool:
    number = reading.child(shipment, "tracking_number")
    return any(reading.text(number, key) for key in _ON_ITS_WAY)
