"""Number, currency, dates, and what customs want to know."""

from collections.abc import Iterator
from datetime import timedelta

from orders.checks.country import TERRITORIES
from orders.checks.saying import ERROR, WARNING, on_line, quoted
from orders.checks.values import CheckedLine, CheckedOrder, Found, World


def check_number(order: CheckedOrder, world: World) -> Iterator[Found]:
    if order.is_number_taken:
        yield Found(
            "number_taken",
            ERROR,
            "number",
            f"There is already an order {order.number} from {order.source}.",
            "Open that order, or give this one another number.",
        )


def check_currency(order: CheckedOrder, world: World) -> Iterator[Found]:
    if order.currency:
        if order.currency not in world.currencies:
            yield Found(
                "currency_unknown",
                ERROR,
                "currency",
                f"{quoted(order.currency)} is no currency code.",
                "Enter the three-letter code, as in USD.",
            )
    elif any(line.unit_price is not None for line in order.lines):
        yield Found(
            "currency_missing",
            WARNING,
            "currency",
            "The order has prices but does not say in which currency.",
            "Enter the three-letter code, as in USD.",
        )


def check_dates(order: CheckedOrder, world: World) -> Iterator[Found]:
    ordered, promised = order.order_date, order.promise_date
    # A day more, because it is tomorrow somewhere already.
    if ordered and ordered > world.today + timedelta(days=1):
        yield Found(
            "order_date_future",
            WARNING,
            "order_date",
            f"The order date {ordered} is in the future.",
            "Correct the date.",
        )
    if ordered and promised and promised < ordered:
        yield Found(
            "promise_before_order",
            WARNING,
            "promise_date",
            f"The order was promised for {promised}, before it was placed on {ordered}.",
            "Correct the promise date.",
        )


def check_customs(order: CheckedOrder, world: World) -> Iterator[Found]:
    country = order.country
    if country in ("", world.home_country) or country in TERRITORIES:
        return
    for line in order.lines:
        if line.product is not None and (missing := _missing(line)):
            yield on_line(
                line,
                "customs_missing",
                WARNING,
                "sku",
                f"customs in {country} will ask for {_listed(missing)}, which "
                f"{line.product.sku} does not have.",
                "Enter it on the product's page.",
                missing=missing,
            )


def _missing(line: CheckedLine) -> list[str]:
    product = line.product
    if product is None:
        return []
    wanted = {
        "an HS code": product.hs_code,
        "a country of origin": product.origin_country,
        "a value": product.value or line.unit_price,
    }
    return [name for name, value in wanted.items() if not value]


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
