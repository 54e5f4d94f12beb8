"""Our rows as one outward order: codes become the platform's ids, nothing is added in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from integrations.errors import CannotSay, Unmapped
from integrations.models import Dispatch, RemoteId, RemoteKind
from integrations.platforms.outbound import (
    AddressValue,
    Battery,
    CustomsItem,
    Origin,
    OutboundLine,
    OutboundOrder,
    ParcelSpec,
    Reference,
    WantedService,
)
from orders.models import Order, OrderLine
from orders.parts import Part, lines_of, part_of
from warehouses.models import CarrierService, Product, Warehouse

# Easyship does without a mapping: it takes the address itself. Veeqo's stock has a place.
_NEEDS_A_WAREHOUSE = frozenset({"veeqo"})
# Both are mandatory at Easyship; a customer often gives neither (contract §7.1).
_NEEDS_A_CONTACT = frozenset({"easyship"})

type_of_mappings = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Outward:
    """What will be said; `remarks` are things added that the order does not hold."""

    order: OutboundOrder
    remarks: tuple[str, ...] = ()


def outward(order: Order, dispatch: Dispatch) -> Outward:
    """The order, or its part, as the platform is told it.

    Raises Unmapped, CannotSay with the next step.
    """
    part = part_told(order, dispatch)
    if part.warehouse is None or part.service is None:
        raise CannotSay(f"Order {order.number} has no warehouse or no service. Route it again.")
    lines = _lines_with_products(order, part)
    mappings = _mappings(dispatch.platform, part, lines)
    recipient, remarks = recipient_of(order, part.warehouse, dispatch.platform)
    said = OutboundOrder(
        reference=Reference(dispatch.reference),
        origin=_origin(part.warehouse, dispatch, mappings),
        recipient=recipient,
        lines=tuple(_line(line, order, mappings) for line in lines),
        currency=currency_of(order, lines),
        parcel=parcel_of(lines),
        service=_service(part.service, dispatch, mappings),
        ordered_at=order.created_at,
        promised_on=order.promise_date,
    )
    return Outward(said, remarks)


def part_told(order: Order, dispatch: Dispatch) -> Part:
    """What of the order the dispatch is about. Raises CannotSay."""
    part = part_of(order, dispatch.part)
    if part is None:
        raise CannotSay(
            f"Order {order.number} has no part {dispatch.part} any more. "
            "Cancel it at the platform, then route it again."
        )
    return part


def _lines_with_products(order: Order, part: Part) -> list[OrderLine]:
    lines = lines_of(part, order.lines.select_related("product").order_by("position"))
    if not lines:
        raise CannotSay(f"Order {order.number} has no lines. Add what was ordered.")
    for line in lines:
        if line.product is None:
            raise CannotSay(f"SKU {line.sku} is no known product. Choose the product of the line.")
    return lines


def product_of(line: OrderLine) -> Product:
    """Raises CannotSay for a line without one."""
    if line.product is None:
        raise CannotSay(f"SKU {line.sku} is no known product. Choose the product of the line.")
    return line.product


def parcel_of(lines: Sequence[OrderLine]) -> ParcelSpec:
    """All pieces flat on top of each other, in one parcel. Raises CannotSay naming the SKU.

    A cautious stand-in for packing: never too small in any direction.
    """
    grams, length, width, height = 0, 0, 0, 0
    for line in lines:
        product = product_of(line)
        sides = (product.length_mm, product.width_mm, product.height_mm)
        known = sorted((side for side in sides if side), reverse=True)
        if not product.weight_grams or len(known) < 3:
            raise CannotSay(
                f"SKU {product.sku} has no weight or size. Measure it and fill in the product."
            )
        grams += product.weight_grams * line.quantity
        length, width = max(length, known[0]), max(width, known[1])
        height += known[2] * line.quantity
    longest, middle, shortest = sorted((length, width, height), reverse=True)
    return ParcelSpec(grams, longest, middle, shortest)


def _mappings(platform: str, part: Part, lines: Sequence[OrderLine]) -> type_of_mappings:
    """Every mapping this parcel needs, in one query."""
    codes = {part.warehouse.code, part.service.code} if part.warehouse and part.service else ()
    products = [product_of(line) for line in lines]
    ours = {*codes, *(each.sku for each in products), *(each.category for each in products)}
    rows = RemoteId.objects.filter(platform=platform, ours__in=ours - {""})
    return {(row.kind, row.ours): row.theirs for row in rows}


def _origin(warehouse: Warehouse, dispatch: Dispatch, mappings: type_of_mappings) -> Origin:
    remote_id = mappings.get((RemoteKind.WAREHOUSE, warehouse.code), "")
    if not remote_id and dispatch.platform in _NEEDS_A_WAREHOUSE:
        raise Unmapped(
            dispatch.get_platform_display(), RemoteKind.WAREHOUSE, "Warehouse", warehouse.code
        )
    return Origin(warehouse.code, address_of(warehouse), remote_id)


def address_of(warehouse: Warehouse) -> AddressValue:
    """Where it leaves from, as the platform is told."""
    return AddressValue(
        name=warehouse.contact_name or warehouse.name,
        company=warehouse.company or warehouse.name,
        line_1=warehouse.address_1,
        line_2=warehouse.address_2,
        city=warehouse.city,
        state=warehouse.state,
        postal_code=warehouse.postal_code,
        country=warehouse.country,
        phone=warehouse.phone,
        email=warehouse.email,
    )


def recipient_of(
    order: Order, warehouse: Warehouse, platform: str
) -> tuple[AddressValue, tuple[str, ...]]:
    """The customer; a contact that a platform demands and nobody gave is the warehouse's."""
    address = AddressValue(
        name=order.recipient_name or order.company,
        company=order.company,
        line_1=order.address_1,
        line_2=order.address_2,
        city=order.city,
        state=order.state,
        postal_code=order.postal_code,
        country=order.country,
        phone=order.phone,
        email=order.email,
    )
    if platform not in _NEEDS_A_CONTACT:
        return address, ()
    lent = {
        name: getattr(warehouse, name)
        for name in ("phone", "email")
        if not getattr(address, name) and getattr(warehouse, name)
    }
    called = {"phone": "phone number", "email": "e-mail address"}
    remarks = tuple(
        f"The customer gave no {called[name]}, so the carrier gets that of {warehouse.code}."
        for name in lent
    )
    return replace(address, **lent), remarks


def currency_of(order: Order, lines: Sequence[OrderLine]) -> str:
    return order.currency or product_of(lines[0]).currency


def _line(line: OrderLine, order: Order, mappings: type_of_mappings) -> OutboundLine:
    product = product_of(line)
    value = _value(line, product, order)
    return OutboundLine(
        sku=product.sku,
        quantity=line.quantity,
        unit_price=price_of(line, order),
        weight_grams=product.weight_grams or 0,
        customs=CustomsItem(
            description=product.customs_description or product.title,
            unit_value=value,
            hs_code=product.hs_code,
            category=mappings.get((RemoteKind.CATEGORY, product.category), ""),
            origin_country=product.origin_country,
            battery=Battery(product.battery),
        ),
        product_remote_id=mappings.get((RemoteKind.PRODUCT, product.sku), ""),
    )


def price_of(line: OrderLine, order: Order) -> Decimal:
    """What the platform is told that one piece costs. Raises CannotSay."""
    if line.unit_price is not None:
        return line.unit_price
    return _value(line, product_of(line), order)


def _value(line: OrderLine, product: Product, order: Order) -> Decimal:
    """What customs are told: the price paid, or the product's value for a gift."""
    if line.unit_price:
        return line.unit_price
    if order.currency and product.currency != order.currency:
        raise CannotSay(
            f"SKU {product.sku} has no price in {order.currency}. Give the line a price."
        )
    return product.value


def _service(
    service: CarrierService, dispatch: Dispatch, mappings: type_of_mappings
) -> WantedService:
    remote_id = mappings.get((RemoteKind.SERVICE, service.code))
    if not remote_id:
        raise Unmapped(dispatch.get_platform_display(), RemoteKind.SERVICE, "Service", service.code)
    return WantedService(remote_id, service.carrier.code, service.name)
