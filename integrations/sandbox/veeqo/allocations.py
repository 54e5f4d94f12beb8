"""Allocations: which warehouse ships which lines, and the size of the parcel."""

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.identity import digest
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo import order_book, stock, warehouses
from integrations.sandbox.veeqo.allocation_view import live_shipment, render_allocation
from integrations.sandbox.veeqo.answers import (
    LARGEST,
    created,
    found,
    not_found,
    ok,
    refuse,
    require,
    rows,
    text,
    whole,
    wrapped,
)
from integrations.sandbox.veeqo.catalogue import Catalogue
from integrations.sandbox.veeqo.order_view import ALLOCATION, open_units
from integrations.sandbox.veeqo.orders import rendered

SHIPPED = "This allocation is already shipped"
WEIGHT_UNITS = ("oz", "g")
LENGTH_UNITS = {"inches": "inches", "in": "inches", "cm": "cm"}


def create(call: Call) -> Response:
    """Allocate lines not yet allocated; answers with the whole order."""
    order = order_book.find(call.turn, call.params["order_id"]).body
    given = wrapped(call, "allocation")
    require(given, "warehouse_id", "line_items_attributes")
    held = call.tx.children(ALLOCATION, order["id"])
    lines = _lines(call, given, order, held)
    warehouse = _warehouse(call, given)
    _check_stock(call, warehouse, lines, {})
    order_book.new_allocation(call.turn, order["id"], warehouse, lines)
    order_book.settle(call.turn, order)
    return created(rendered(call, order["id"]), f"/orders/{order['id']}")


def update(call: Call) -> Response:
    """Move an allocation to another warehouse or other units; answers with the allocation."""
    order = order_book.find(call.turn, call.params["order_id"]).body
    allocation = find(call, call.params["allocation_id"])
    if allocation["order_id"] != order["id"]:
        not_found()
    _refuse_shipped(call, allocation)
    inner = call.body.get("allocation")
    given = inner if isinstance(inner, dict) else call.body
    others = [a for a in call.tx.children(ALLOCATION, order["id"]) if a["id"] != allocation["id"]]
    lines = _held_lines(allocation)
    if given.get("line_items_attributes"):
        lines = _lines(call, given, order, others)
    warehouse = _warehouse(call, given) if given.get("warehouse_id") else allocation["warehouse_id"]
    own = _held_lines(allocation) if warehouse == allocation["warehouse_id"] else {}
    _check_stock(call, warehouse, lines, own)
    order_book.fill(call.turn, allocation, warehouse, lines)
    order_book.settle(call.turn, order)
    return ok(render_allocation(call.turn, Catalogue(call.turn), allocation))


def delete(call: Call) -> Response:
    """Remove all allocations of the order, as the official note says; answers with the order."""
    order = order_book.find(call.turn, call.params["order_id"]).body
    for allocation in call.tx.children(ALLOCATION, order["id"]):
        _refuse_shipped(call, allocation)
    order_book.drop_allocations(call.turn, order["id"])
    order_book.settle(call.turn, order)
    return ok(rendered(call, order["id"]))


def find(call: Call, number: int | str) -> Json:
    """The stored allocation, or Veeqo's 404."""
    return found(call.tx.get(ALLOCATION, number))


def _held_lines(allocation: Json) -> dict[int, int]:
    return {line["sellable_id"]: line["quantity"] for line in allocation["lines"]}


def _refuse_shipped(call: Call, allocation: Json) -> None:
    if live_shipment(call.turn, allocation["id"]):
        refuse(400, SHIPPED)


def _warehouse(call: Call, given: Json) -> int:
    number: int = found(call.tx.get(warehouses.KIND, whole(given, "warehouse_id")))["id"]
    return number


def _lines(call: Call, given: Json, order: Json, held: list[Json]) -> dict[int, int]:
    """Sellable to units, each a line of the order that no other allocation holds."""
    free = open_units(order, held)
    ordered = {line["sellable_id"] for line in order["lines"]}
    lines: dict[int, int] = {}
    for row in rows(given, "line_items_attributes"):
        sellable, units = whole(row, "sellable_id"), whole(row, "quantity", least=1)
        if sellable not in ordered:
            refuse(400, [f"Sellable {sellable} is not part of this order"])
        lines[sellable] = lines.get(sellable, 0) + units
        if lines[sellable] > free.get(sellable, 0):
            refuse(400, [f"Sellable {sellable} is already allocated"])
    return lines


def _check_stock(call: Call, warehouse: int, lines: dict[int, int], own: dict[int, int]) -> None:
    for sellable, units in lines.items():
        free = stock.free_units(call.turn, sellable, warehouse) + own.get(sellable, 0)
        if units > free:
            refuse(400, [f"Sellable {sellable} has insufficient stock in this warehouse"])


def set_package(call: Call) -> Response:
    """The parcel's weight and size, which rates are made for; 422 if they make no sense."""
    allocation = find(call, call.params["allocation_id"])
    given = wrapped(call, "allocation_package")
    _check_package(given)
    stamp = iso_milliseconds(call.now)
    old = allocation["package"] or {}
    sizes = {name: given[name] for name in ("depth", "height", "width", "weight")}
    package = {
        "id": old.get("id") or call.turn.ids.number("veeqo.package", 66001),
        "allocation_id": allocation["id"],
        "created_at": old.get("created_at", stamp),
        **sizes,
        "package_id": None,
        "package_provider": text(given, "package_provider") or "CUSTOM",
        "package_selection_source": text(given, "package_selection_source") or "ONE_OFF",
        "package_name": text(given, "package_name"),
        "similarity_key": digest(*sizes.values()).hex()[:8],
        "updated_at": stamp,
        "weight_unit": given["weight_unit"],
        "dimensions_unit": LENGTH_UNITS[given["dimensions_unit"]],
    }
    allocation |= {"package": package, "quotes": {}}
    order_book.save_allocation(call.turn, allocation)
    order_book.touch(call.turn, allocation["order_id"])
    return ok(_package_answer(package))


def _package_answer(package: Json) -> Json:
    attributes = {name: value for name, value in package.items() if name != "id"}
    kind = "allocation_package"
    return {"data": {"id": str(package["id"]), "type": kind, "attributes": attributes}}


def _check_package(given: Json) -> None:
    faults = [
        f"{name.capitalize()} must be greater than 0"
        for name in ("weight", "width", "height", "depth")
        if isinstance(given.get(name), bool)
        or not isinstance(given.get(name), int | float)
        or not 0 < given[name] < LARGEST
    ]
    if text(given, "weight_unit") not in WEIGHT_UNITS:
        faults.append("Weight unit is not included in the list")
    if text(given, "dimensions_unit") not in LENGTH_UNITS:
        faults.append("Dimensions unit is not included in the list")
    if faults:
        refuse(422, faults)
