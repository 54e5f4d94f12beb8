"""The life of a stored order: saved, allocated, its status settled, cancelled."""

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import addresses, channels, customers, stock
from integrations.sandbox.veeqo.allocation_view import live_shipment
from integrations.sandbox.veeqo.answers import not_found
from integrations.sandbox.veeqo.catalogue import SELLABLE
from integrations.sandbox.veeqo.order_view import ALLOCATION, KIND, is_allocated, open_units


def find(turn: Turn, number: int | str) -> Document:
    """The stored order, or Veeqo's 404."""
    return turn.tx.document(KIND, number) or not_found()


def add(turn: Turn, order: Json) -> None:
    """Store a new order and allocate it from its channel's warehouse as far as stock goes."""
    turn.tx.add(
        KIND, order["id"], order, reference=order["number"], status="", words=words(turn, order)
    )
    channel = turn.tx.get(channels.KIND, order["channel_id"]) or {}
    allocate_rest(turn, order, channel["default_warehouse_id"])
    settle(turn, order)


def words(turn: Turn, order: Json) -> str:
    """What a free-text search looks through."""
    customer = turn.tx.get(customers.KIND, order["customer_id"]) or {}
    sellables = (turn.tx.get(SELLABLE, line["sellable_id"]) or {} for line in order["lines"])
    parts = [
        order["number"],
        addresses.full_name(order["deliver_to"]),
        customer.get("email"),
        *(sellable.get("sku_code") for sellable in sellables),
    ]
    return " ".join(part for part in parts if part).lower()


def allocate_rest(turn: Turn, order: Json, warehouse_id: int) -> None:
    """Allocate what is still open and in stock at the warehouse."""
    held = turn.tx.children(ALLOCATION, order["id"])
    lines = {}
    for sellable, units in open_units(order, held).items():
        free = stock.free_units(turn, sellable, warehouse_id)
        if min(units, free) > 0:
            lines[sellable] = min(units, free)
    if lines:
        new_allocation(turn, order["id"], warehouse_id, lines)


def new_allocation(turn: Turn, order_id: int, warehouse_id: int, lines: dict[int, int]) -> Json:
    """Store an allocation and claim its stock. Lines: sellable to units."""
    stamp = iso_milliseconds(turn.now)
    allocation: Json = {
        "id": turn.ids.number(ALLOCATION, 55001),
        "order_id": order_id,
        "warehouse_id": warehouse_id,
        "lines": [],
        "package": None,
        "quotes": {},
        "created_at": stamp,
        "updated_at": stamp,
    }
    turn.tx.add(ALLOCATION, allocation["id"], allocation, parent=str(order_id))
    fill(turn, allocation, warehouse_id, lines)
    return allocation


def fill(turn: Turn, allocation: Json, warehouse_id: int, lines: dict[int, int]) -> None:
    """Give an allocation these lines from this warehouse, in place of what it held."""
    empty(turn, allocation)
    allocation["warehouse_id"] = warehouse_id
    allocation["lines"] = [
        {
            "id": turn.ids.number("veeqo.allocated", 56001),
            "sellable_id": sellable,
            "quantity": units,
        }
        for sellable, units in lines.items()
    ]
    for sellable, units in lines.items():
        stock.claim(turn, sellable, warehouse_id, units)
    save_allocation(turn, allocation)


def empty(turn: Turn, allocation: Json) -> None:
    """Give back the stock an allocation has claimed."""
    for line in allocation["lines"]:
        stock.claim(turn, line["sellable_id"], allocation["warehouse_id"], -line["quantity"])
    allocation["lines"] = []


def save_allocation(turn: Turn, allocation: Json) -> None:
    """Save an allocation with a new time of change."""
    allocation["updated_at"] = iso_milliseconds(turn.now)
    turn.tx.put(ALLOCATION, allocation["id"], allocation)


def drop_allocations(turn: Turn, order_id: int) -> None:
    """Remove all allocations of an order and give their stock back."""
    for allocation in turn.tx.children(ALLOCATION, order_id):
        empty(turn, allocation)
        turn.tx.remove(ALLOCATION, allocation["id"])


def settle(turn: Turn, order: Json) -> None:
    """Save the order with the status its payment, allocations and shipments give it."""
    allocations = turn.tx.children(ALLOCATION, order["id"])
    status = order.get("set_status") or _status(turn, order, allocations)
    if status == "shipped":
        order["shipped_at"] = order.get("shipped_at") or iso_milliseconds(turn.now)
    else:
        order["shipped_at"] = None
    turn.tx.put(KIND, order["id"], order, status=status, words=words(turn, order))


def _status(turn: Turn, order: Json, allocations: list[Json]) -> str:
    if order.get("cancelled_at"):
        return "cancelled"
    if order["payment"] is None:
        return "awaiting_payment"
    if not is_allocated(order, allocations):
        return "awaiting_stock"
    if all(live_shipment(turn, allocation["id"]) for allocation in allocations):
        return "shipped"
    return "awaiting_fulfillment"


def touch(turn: Turn, order_id: int) -> None:
    """Let polling by updated_at see that something inside the order changed."""
    settle(turn, find(turn, order_id).body)


def cancel(turn: Turn, order: Json, reason: str | None) -> None:
    """Cancel an order that is open and give its stock back."""
    drop_allocations(turn, order["id"])
    order["cancelled_at"] = iso_milliseconds(turn.now)
    order["cancel_reason"] = reason
    settle(turn, order)
