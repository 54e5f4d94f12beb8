"""Products and their sellables (variants): list, create, change, delete."""

from typing import Any

from integrations.sandbox import clock
from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import stock, warehouses
from integrations.sandbox.veeqo.answers import (
    amount,
    created,
    found,
    no_content,
    ok,
    refuse,
    require,
    rows,
    text,
    texts,
    whole,
    wrapped,
)
from integrations.sandbox.veeqo.catalogue import PRODUCT, SELLABLE, Catalogue
from integrations.sandbox.veeqo.paging import (
    ALL_HEADERS,
    FARTHEST,
    Page,
    Selection,
    read_page,
    select_page,
)

TEXTS = ("title", "description", "notes", "estimated_delivery")
VARIANT_TEXTS = ("title", "sku_code", "upc_code", "model_number")


def list_products(call: Call) -> Response:
    """GET /products."""
    page = read_page(call, 12, ALL_HEADERS)
    where, values = _filters(call)
    selection = Selection(PRODUCT, where, tuple(values))
    documents, headers = select_page(call, selection, page, ALL_HEADERS)
    catalogue = Catalogue(call.turn)
    return ok([catalogue.product(document.body) for document in documents], headers)


def _filters(call: Call) -> tuple[str, list[Any]]:
    where: list[str] = ["1"]
    values: list[Any] = []
    if since := call.request.first("since_id"):
        where.append("CAST(id AS INTEGER) > ?")
        values.append(int(since) if since.isdecimal() and len(since) < 16 else 0)
    for name, column in (("created_at_min", "created"), ("updated_at_min", "updated")):
        # A date that cannot be read is ignored, as Veeqo does.
        if (moment := clock.parse(call.request.first(name))) is not None:
            where.append(f"{column} >= ?")
            values.append(moment)
    if query := call.request.first("query").strip().lower():
        where.append("words LIKE ?")
        values.append(f"%{query}%")
    return " AND ".join(where), values


def list_sellables(call: Call) -> Response:
    """Undocumented at Veeqo: pages by page and per_page, up to 1,000."""
    size, number = call.request.first("per_page", "12"), call.request.first("page", "1")
    if not (size.isdecimal() and number.isdecimal()):
        return json_response(400, {"error_messages": ["Infinity"]})
    page = Page(min(max(1, int(number)), FARTHEST), min(1000, max(1, int(size))))
    documents, _ = select_page(call, Selection(SELLABLE), page, ())
    catalogue = Catalogue(call.turn)
    return ok([catalogue.sellable(document.body["id"]) for document in documents])


def view(call: Call) -> Response:
    """GET /products/{id}."""
    return ok(Catalogue(call.turn).product(found(call.tx.get(PRODUCT, call.params["id"]))))


def add(turn: Turn, given: Json, variants: list[Json]) -> Json:
    """Store a product with its sellables, and an empty stock entry in every warehouse."""
    stamp = iso_milliseconds(turn.now)
    product: Json = {"id": turn.ids.number(PRODUCT, 2200), "created_at": stamp, "updated_at": stamp}
    product |= {name: text(given, name) for name in (*TEXTS, "origin_country", "hs_tariff_number")}
    product["image"] = next((text(image, "src") for image in given.get("images", [])), None)
    turn.tx.add(PRODUCT, product["id"], product, words=_words(product, variants))
    for variant in variants:
        _add_sellable(turn, product, variant)
    return product


def _words(product: Json, variants: list[Json]) -> str:
    skus = [text(variant, "sku_code") or "" for variant in variants]
    return " ".join([product["title"] or "", *skus]).lower()


def _add_sellable(turn: Turn, product: Json, given: Json) -> None:
    number = turn.ids.number(SELLABLE, 3301)
    sellable = {
        "id": number,
        "product_id": product["id"],
        "created_at": product["created_at"],
        "updated_at": product["updated_at"],
        **{name: text(given, name) for name in VARIANT_TEXTS},
        "price": amount(given, "price"),
        "cost_price": amount(given, "cost_price"),
        "tax_rate": amount(given, "tax_rate"),
        "weight_grams": float(amount(given, "weight_grams")),
        "weight_unit": text(given, "weight_unit") or "oz",
        "origin_country": product["origin_country"],
        "hs_tariff_number": product["hs_tariff_number"],
        "image_url": product["image"],
        "measurement_attributes": given.get("measurement_attributes")
        or {"id": 90000 + number, "width": 0, "height": 0, "depth": 0, "dimensions_unit": "inches"},
    }
    sku = sellable["sku_code"] or ""
    turn.tx.add(SELLABLE, number, sellable, parent=str(product["id"]), reference=sku)
    levels = given.get("physical_levels", {})
    for warehouse in turn.tx.bodies(warehouses.KIND):
        stock.add(turn, number, warehouse["id"], levels.get(warehouse["id"], 0))


def create(call: Call) -> Response:
    """POST /products: a product with its variants."""
    given = wrapped(call, "product")
    require(given, "title")
    variants = _variants(given)
    for variant in variants:
        require(variant, "title", "price", "sku_code")
    product = add(call.turn, {**given, "images": rows(given, "images_attributes")}, variants)
    return created(Catalogue(call.turn).product(product), f"/products/{product['id']}")


def _variants(given: Json) -> list[Json]:
    return rows(given, "product_variants_attributes") or rows(given, "sellables_attributes")


def update(call: Call) -> Response:
    """Change texts, prices and tags; weights, sizes and stock cannot be changed here."""
    product = found(call.tx.get(PRODUCT, call.params["id"]))
    given = wrapped(call, "product")
    product |= texts(given, TEXTS)
    product["updated_at"] = iso_milliseconds(call.now)
    if "tags_attributes" in given:
        product["tag_ids"] = [_tag_id(call, tag) for tag in rows(given, "tags_attributes")]
    for variant in _variants(given):
        _update_sellable(call, product, variant)
    call.tx.put(PRODUCT, product["id"], product)
    return ok(Catalogue(call.turn).product(product))


def _tag_id(call: Call, given: Json) -> int:
    require(given, "name")
    name = text(given, "name")
    known = call.tx.bodies("veeqo.tag", "reference = ?", [name])
    if not known:
        refuse(400, [f"Tag {name} is unknown"])
    number: int = known[0]["id"]
    return number


def _update_sellable(call: Call, product: Json, given: Json) -> None:
    sellable = found(call.tx.get(SELLABLE, whole(given, "id")))
    if sellable["product_id"] != product["id"]:
        refuse(400, ["Product variant is invalid"])
    sellable |= texts(given, VARIANT_TEXTS)
    for name in ("price", "cost_price", "tax_rate"):
        sellable[name] = amount(given, name, sellable[name])
    sellable["updated_at"] = product["updated_at"]
    call.tx.put(SELLABLE, sellable["id"], sellable, reference=sellable["sku_code"] or "")


def delete(call: Call) -> Response:
    """DELETE /products/{id}: the product and its sellables."""
    product = found(call.tx.get(PRODUCT, call.params["id"]))
    for sellable in call.tx.children(SELLABLE, product["id"]):
        call.tx.remove(SELLABLE, sellable["id"])
    call.tx.remove(PRODUCT, product["id"])
    return no_content()
