"""Put the world into Veeqo: whatever it does not hold yet, leaving the rest as it is."""

from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import channels, delivery_methods, products, warehouses
from integrations.sandbox.world import ChannelSeed, ProductSeed, WarehouseSeed

INCH_MM = 25.4


def seed(turn: Turn) -> None:
    """Add missing warehouses, products, channels and delivery methods by code, SKU or name."""
    numbers = {w.code: _warehouse(turn, w) for w in turn.world.warehouses}
    for product in turn.world.products:
        if not turn.tx.count(products.SELLABLE, "reference = ?", [product.sku]):
            _product(turn, product, numbers)
    for channel in turn.world.channels:
        if not turn.tx.count(channels.KIND, "reference = ?", [channel.name]):
            _channel(turn, channel, numbers)
    for method in turn.world.delivery_methods:
        if not turn.tx.count(delivery_methods.KIND, "reference = ?", [method.name]):
            delivery_methods.add(turn, method.name, method.cost)


def _warehouse(turn: Turn, given: WarehouseSeed) -> int:
    known = turn.tx.bodies(warehouses.KIND, "reference = ?", [given.name])
    body = known[0] if known else warehouses.add(turn, _warehouse_body(given))
    number: int = body["id"]
    return number


def _warehouse_body(given: WarehouseSeed) -> Json:
    return {
        "name": given.name,
        "trading_name": given.company,
        "address_line_1": given.address_line_1,
        "address_line_2": given.address_line_2,
        "city": given.city,
        "region": given.state,
        "country": given.country,
        "post_code": given.zip,
        "phone": given.phone,
        "external_id": given.code,
    }


def _product(turn: Turn, given: ProductSeed, numbers: dict[str, int]) -> None:
    sizes = (given.width_mm, given.height_mm, given.length_mm)
    width, height, depth = (round((size or 0) / INCH_MM, 2) for size in sizes)
    variant = {
        "title": "",
        "sku_code": given.sku,
        "price": str(given.price),
        "cost_price": str(given.cost or 0),
        "weight_grams": float(given.weight_grams),
        "weight_unit": "oz",
        "measurement_attributes": {
            "id": turn.ids.number("veeqo.measurement", 91001),
            "width": width,
            "height": height,
            "depth": depth,
            "dimensions_unit": "inches",
        },
        "physical_levels": {numbers[code]: units for code, units in (given.stock or {}).items()},
    }
    product = {
        "title": given.name,
        "origin_country": given.origin_country,
        "hs_tariff_number": given.hs_code,
    }
    products.add(turn, product, [variant])


def _channel(turn: Turn, given: ChannelSeed, numbers: dict[str, int]) -> None:
    channels.add(
        turn,
        {
            "name": given.name,
            "type_code": given.type_code,
            "currency_code": given.currency_code,
            "email": given.email,
            "default_warehouse_id": numbers[given.default_warehouse],
        },
    )
