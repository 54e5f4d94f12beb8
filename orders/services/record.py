"""A new order is written down."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from core.actor import current_actor
from orders.errors import NotValid, NumberTaken
from orders.models import Order, OrderLine
from orders.services.history import problems_of, write_event
from warehouses.models import Carrier, CarrierService, Product
from warehouses.services.checks import MAX_QUANTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A SKU as the source wrote it; `unit_price` is one piece in the order's currency."""

    sku: str
    quantity: int
    title: str = ""
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What a source says; every text may be empty but `source` and `number`."""

    source: str
    number: str
    lines: tuple[NewLine, ...] = ()
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
    currency: str = "USD"
    shipping_method: str = ""
    wanted_carrier: Carrier | None = None
    wanted_service: CarrierService | None = None
    wanted_warehouse_state: str = ""
    order_date: date | None = None
    promise_date: date | None = None
    notes: str = ""
    original_text: str = ""
    fingerprint: str = ""


def record_order(new: NewOrder) -> Order:
    """Write the order, its lines and the first line of its history; products are found by SKU.

    A line whose SKU is no product is kept without one. Raises NotValid, NumberTaken.
    """
    order = _order_of(new)
    lines = _lines_of(order, new.lines)
    _check(order, lines)
    try:
        with transaction.atomic():
            return _write(order, lines)
    except IntegrityError as error:
        # Asked only now, because the unique constraint is the judge.
        if Order.objects.filter(source=order.source, number=order.number).exists():
            raise NumberTaken(order.source, order.number) from error
        raise


def _order_of(new: NewOrder) -> Order:
    columns = {name: getattr(new, name) for name in NewOrder.__slots__ if name != "lines"}
    columns |= {"source": new.source.strip(), "number": new.number.strip()}
    return Order(**columns, created_by_id=current_actor.get().user_id)


def _lines_of(order: Order, lines: Sequence[NewLine]) -> list[OrderLine]:
    products = {
        product.sku.upper(): product
        for product in Product.objects.by_sku({line.sku.strip() for line in lines})
    }
    return [
        OrderLine(
            order=order,
            position=position,
            product=products.get(line.sku.strip().upper()),
            **asdict(line),
        )
        for position, line in enumerate(lines, start=1)
    ]


def _check(order: Order, lines: Sequence[OrderLine]) -> None:
    problems = problems_of(order, set(NewOrder.__slots__) - {"lines"})
    for line in lines:
        found = problems_of(line, {"sku", "quantity", "title", "unit_price"})
        if "quantity" not in found and line.quantity > MAX_QUANTITY:
            found["quantity"] = [f"The quantity is at most {MAX_QUANTITY:,}."]
        problems |= {f"lines.{line.position}.{name}": said for name, said in found.items()}
    if problems:
        raise NotValid(order.number, problems)


def _write(order: Order, lines: Sequence[OrderLine]) -> Order:
    order.save()
    OrderLine.objects.bulk_create(lines)
    write_event(order, "created", f"Received from {order.source}.", lines=len(lines))
    return order
