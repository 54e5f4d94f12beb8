"""Rows of the database as the values that checks read."""

from collections.abc import Iterable

from orders.checks import CheckedLine, CheckedOrder, ProductFacts, fingerprint
from orders.models import Order, OrderLine
from warehouses.models import Product

_SAME_NAME = (
    "source",
    "number",
    "recipient_name",
    "company",
    "phone",
    "email",
    "address_1",
    "address_2",
    "city",
    "state",
    "postal_code",
    "country",
    "currency",
    "shipping_method",
    "order_date",
    "promise_date",
)


def checked_from_row(order: Order, lines: Iterable[OrderLine]) -> CheckedOrder:
    """The order as checks see it; asks the database for nothing when `wanted_carrier` and the
    lines' products are loaded, or the rows are not saved yet.
    """
    carrier = order.wanted_carrier
    return CheckedOrder(
        **{name: getattr(order, name) for name in _SAME_NAME},
        wanted_carrier=carrier.code if carrier else "",
        lines=tuple(_line(line) for line in lines),
    )


def fingerprint_of(order: Order, lines: Iterable[OrderLine]) -> str:
    """What the order's fingerprint is; rows that are not saved yet will do."""
    return fingerprint(checked_from_row(order, lines))


def _line(line: OrderLine) -> CheckedLine:
    return CheckedLine(
        position=line.position,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=line.unit_price,
        title=line.title,
        product=facts_of(line.product) if line.product else None,
    )


def facts_of(product: Product) -> ProductFacts:
    return ProductFacts(
        sku=product.sku,
        weight_grams=product.weight_grams,
        value=product.value,
        value_currency=product.currency,
        hs_code=product.hs_code,
        origin_country=product.origin_country,
        customs_description=product.customs_description,
        is_hazmat=product.is_hazmat,
        is_active=product.is_active,
    )
