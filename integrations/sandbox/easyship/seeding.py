"""Put the world into Easyship: whatever it does not hold yet, leaving the rest as it is."""

from integrations.sandbox.easyship import addresses, boxes, products, webhooks
from integrations.sandbox.easyship.categories import category_called
from integrations.sandbox.identity import fixed_uuid
from integrations.sandbox.turn import Turn
from integrations.sandbox.world import ProductSeed, WarehouseSeed


def seed(turn: Turn) -> None:
    """Add missing addresses by warehouse, products by SKU, boxes by slug; set the webhook."""
    for place, warehouse in enumerate(turn.world.warehouses):
        key = fixed_uuid("easyship address", warehouse.code)
        if turn.tx.get(addresses.KIND, key) is None:
            _address(turn, warehouse, key, is_first=place == 0)
    for product in turn.world.products:
        if not turn.tx.count(products.KIND, "reference = ?", [product.sku]):
            _product(turn, product)
    for box in turn.world.boxes:
        if boxes.with_slug(turn, box.slug) is None:
            sides = (box.length_mm / 10, box.width_mm / 10, box.height_mm / 10)
            boxes.add(turn, box.name, box.slug, sides, box.weight_grams / 1000)
    if turn.options.webhook_url:
        webhooks.point_to(turn, turn.options.webhook_url, turn.options.webhook_secret)


def _address(turn: Turn, given: WarehouseSeed, key: str, *, is_first: bool) -> None:
    columns = {
        "line_1": given.address_line_1[:35],
        "line_2": given.address_line_2,
        "state": given.state,
        "city": given.city,
        "postal_code": given.zip,
        "country_alpha2": given.country,
        "company_name": given.company[:27],
        "contact_name": given.contact_name[:22],
        "contact_phone": given.phone,
        "contact_email": given.email,
    }
    roles = dict.fromkeys(addresses.ROLES, True) if is_first else {}
    addresses.add(turn, {**columns, "default_for": roles}, key)


def _product(turn: Turn, given: ProductSeed) -> None:
    category = category_called(given.category or "")
    sizes = {
        "length": given.length_mm,
        "width": given.width_mm,
        "height": given.height_mm,
    }
    currency = turn.world.account.currency
    product = {
        "identifier": given.sku,
        "name": given.name,
        **{name: size / 10 if size else None for name, size in sizes.items()},
        "weight": max(0.01, given.weight_grams / 1000),
        "item_category_id": category.id if category else None,
        "hs_code": given.hs_code,
        "origin_country_alpha2": given.origin_country,
        "selling_price": float(given.price),
        "selling_price_currency": currency,
        "cost_price": float(given.cost) if given.cost else None,
        "cost_price_currency": currency if given.cost else None,
    }
    products.add(turn, product)
