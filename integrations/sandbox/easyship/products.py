"""The account's products, in kilograms and centimetres."""

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship.answers import (
    fail,
    found,
    listing,
    single,
    success,
)
from integrations.sandbox.easyship.categories import Category, category_called, category_numbered
from integrations.sandbox.easyship.rules import is_blank
from integrations.sandbox.messages import Json, Response, words
from integrations.sandbox.turn import Call, Turn

KIND = "easyship.product"
COLUMNS = words("""
store_id name comments length width height platform_product_id manufacturer_part_number
global_trade_item_number cost_price cost_price_currency selling_price selling_price_currency
image_url pick_location origin_country_alpha2 hs_code contains_liquids contains_battery_pi966
contains_battery_pi967
""")


def add(turn: Turn, given: Json) -> Json:
    """Store a product."""
    stamp = iso_seconds(turn.now)
    product: Json = {
        "id": turn.ids.uuid(),
        "identifier": given["identifier"],
        "input_type": given.get("input_type") or "api",
        "item_category": None,
        "weight": None,
        **dict.fromkeys(COLUMNS),
        "name": "",
        "created_at": stamp,
        "updated_at": stamp,
    }
    _apply(product, given)
    turn.tx.add(KIND, product["id"], product, reference=product["identifier"])
    return product


def _apply(product: Json, given: Json) -> None:
    product |= {name: given[name] for name in COLUMNS if name in given}
    if given.get("weight") is not None:
        product["weight"] = round(given["weight"], 2)
    if given.get("item_category_id") is not None:
        category = category_numbered(given["item_category_id"])
        if category is None:
            fail("invalid_content", "Item category is invalid")
        product["item_category"] = _category_card(category)


def _category_card(category: Category | None) -> Json | None:
    return {"id": category.id, "name": category.name} if category else None


def find(turn: Turn, *, key: str | None = None, sku: str | None = None) -> Json | None:
    """A product by its id, else by its SKU."""
    if key:
        return turn.tx.get(KIND, key)
    rows = turn.tx.bodies(KIND, "reference = ?", [sku or ""])
    return rows[0] if rows else None


def list_products(call: Call) -> Response:
    """GET /products."""
    sku, wanted = call.request.first("sku"), call.request.first("category")
    rows = call.tx.bodies(KIND, "reference = ?", [sku]) if sku else call.tx.bodies(KIND)
    if wanted:
        card = _category_card(category_called(wanted))
        rows = [row for row in rows if card and row["item_category"] == card]
    return listing(call, "products", rows)


def create(call: Call) -> Response:
    """POST /products."""
    _check_identifier(call, call.body, own_id="")
    return single(call, "product", add(call.turn, call.body), 201)


def _check_identifier(call: Call, given: Json, own_id: str) -> None:
    identifier = given.get("identifier")
    if is_blank(identifier):
        fail("invalid_content", "Identifier can't be blank")
    if call.tx.count(KIND, "reference = ? AND id != ?", [identifier, own_id]):
        fail("invalid_content", "Identifier has already been taken")


def update(call: Call) -> Response:
    """PATCH /products/{product_id}."""
    product = found(call.tx.get(KIND, call.params["product_id"]), "Product")
    if "identifier" in call.body:
        _check_identifier(call, call.body, product["id"])
        product["identifier"] = call.body["identifier"]
    _apply(product, call.body)
    product["updated_at"] = iso_seconds(call.now)
    call.tx.put(KIND, product["id"], product, reference=product["identifier"])
    return single(call, "product", product)


def delete(call: Call) -> Response:
    """DELETE /products/{product_id}."""
    found(call.tx.get(KIND, call.params["product_id"]), "Product")
    call.tx.remove(KIND, call.params["product_id"])
    return success(call, "Product successfully deleted")
