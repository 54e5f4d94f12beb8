"""What is in the parcel: lines, quantities, prices, weights."""

from collections.abc import Iterator
from decimal import Decimal

from orders.checks.saying import ERROR, INFO, WARNING, on_line, quoted
from orders.checks.values import CheckedLine, CheckedOrder, Found, ProductFacts, World

LARGE_QUANTITY = 1_000
LARGE_PRICE = Decimal(100_000)
_FACTOR = 20  # a price this many times above or below the product's value is a slip more often
_HEAVIEST_GRAMS = 150_000
_CHEAPEST_KILOGRAM = Decimal("0.20")
_LIGHT_GRAMS, _DEAR = 5, Decimal(50)


def check_has_lines(order: CheckedOrder, world: World) -> Iterator[Found]:
    if not order.lines:
        yield Found(
            "no_lines",
            ERROR,
            "lines",
            "The order has no lines: it does not say what was ordered.",
            "Add the lines.",
        )


def check_skus(order: CheckedOrder, world: World) -> Iterator[Found]:
    for line in order.lines:
        if line.product is None:
            yield _unknown(line, world) if line.sku.strip() else _no_sku(line)
        elif not line.product.is_active:
            yield on_line(
                line,
                "product_inactive",
                WARNING,
                "sku",
                f"the product {line.product.sku} is switched off.",
                "Choose another product, or switch it on again.",
            )


def _no_sku(line: CheckedLine) -> Found:
    named = f"; it is called {quoted(line.title)}" if line.title else ""
    return on_line(
        line, "sku_missing", ERROR, "sku", f"there is no SKU{named}.", "Choose the product."
    )


def _unknown(line: CheckedLine, world: World) -> Found:
    near = world.near_skus(line.sku)
    hint = f" Most like it: {', '.join(near)}." if near else ""
    return Found(
        "sku_unknown",
        ERROR,
        "sku",
        f"Line {line.position}: there is no product with SKU {quoted(line.sku)}.{hint}",
        "Choose the product, or add it to the catalogue.",
        {"sku": line.sku, "near": list(near)},
        line.position,
    )


def check_quantities(order: CheckedOrder, world: World) -> Iterator[Found]:
    for line in order.lines:
        quantity = line.quantity
        if quantity is None:
            yield on_line(
                line,
                "quantity_missing",
                ERROR,
                "quantity",
                "the quantity is missing.",
                "Enter how many pieces were ordered.",
            )
        elif quantity < 1:
            yield on_line(
                line,
                "quantity_zero",
                ERROR,
                "quantity",
                f"the quantity is {quantity}.",
                "Enter 1 or more, or remove the line.",
            )
        elif quantity > LARGE_QUANTITY:
            yield on_line(
                line,
                "quantity_large",
                WARNING,
                "quantity",
                f"{quantity:,} pieces are more than usual.",
                "Ask the customer, or override this if it is right.",
                quantity=quantity,
            )


def check_prices(order: CheckedOrder, world: World) -> Iterator[Found]:
    for line in order.lines:
        if line.unit_price is not None and (found := _price(line, line.unit_price, order)):
            yield found
    unpriced = [line for line in order.lines if line.unit_price is None]
    if unpriced:
        yield _without_price(order, unpriced)


def _without_price(order: CheckedOrder, unpriced: list[CheckedLine]) -> Found:
    where = ", ".join(str(line.position) for line in unpriced[:10])
    more = " and more" if len(unpriced) > 10 else ""
    which = "No line has a price."
    if len(unpriced) < len(order.lines):
        word = "Line" if len(unpriced) == 1 else "Lines"
        which = f"{word} {where}{more}: there is no price."
    return Found(
        "price_missing",
        INFO,
        "unit_price",
        which,
        "Nothing to do: the product's value counts for customs and insurance.",
    )


def _price(line: CheckedLine, price: Decimal, order: CheckedOrder) -> Found | None:
    if price > 0:
        return _absurd(line, price, order)
    if price == 0:
        return on_line(
            line,
            "price_zero",
            WARNING,
            "unit_price",
            "the price is 0.",
            "Enter the price, or override this if it is a gift.",
        )
    return on_line(
        line,
        "price_negative",
        ERROR,
        "unit_price",
        f"the price is {price}.",
        "Enter a price of 0 or more.",
    )


def _absurd(line: CheckedLine, price: Decimal, order: CheckedOrder) -> Found | None:
    product = line.product
    if price <= LARGE_PRICE:
        if product is None or not product.value or product.value_currency != order.currency:
            return None
        if price <= product.value * _FACTOR and price * _FACTOR >= product.value:
            return None
    usual = f"; the product's value is {product.value}" if product and product.value else ""
    return on_line(
        line,
        "price_absurd",
        WARNING,
        "unit_price",
        f"{price} {order.currency} for one piece is far from usual{usual}.".replace("  ", " "),
        "Correct the price, or override this if it is right.",
        unit_price=str(price),
    )


def check_weights(order: CheckedOrder, world: World) -> Iterator[Found]:
    for line in order.lines:
        product = line.product
        if product is None:
            continue
        if not product.weight_grams:
            yield on_line(
                line,
                "weight_missing",
                WARNING,
                "sku",
                f"the product {product.sku} has no weight, so shipping cannot be priced.",
                "Enter the weight on the product's page.",
            )
        elif said := _implausible(product, product.weight_grams):
            yield on_line(
                line,
                "weight_implausible",
                WARNING,
                "sku",
                said,
                "Check weight and value on the product's page.",
                weight_grams=product.weight_grams,
                value=str(product.value),
            )


def _implausible(product: ProductFacts, grams: int) -> str:
    worth = f"{product.value} {product.value_currency}"
    if grams > _HEAVIEST_GRAMS:
        return f"one {product.sku} weighs {grams / 1000:,.0f} kg, more than a parcel may."
    if product.value and product.value * 1000 < _CHEAPEST_KILOGRAM * grams:
        return f"one {product.sku} weighs {grams / 1000:,.1f} kg but is worth only {worth}."
    if grams < _LIGHT_GRAMS and product.value >= _DEAR:
        return f"one {product.sku} is worth {worth} but weighs only {grams} g."
    return ""
