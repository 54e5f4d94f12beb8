"""Stock per sellable and warehouse: what lies there, and how much of it orders have claimed."""

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import warehouses
from integrations.sandbox.veeqo.answers import (
    found,
    not_found,
    number,
    ok,
    refuse,
    text,
    whole,
    wrapped,
)

KIND = "veeqo.stock"
SELLABLE = "veeqo.sellable"


def key(sellable_id: int | str, warehouse_id: int | str) -> str:
    """What a stock entry is stored by."""
    return f"{sellable_id}:{warehouse_id}"


def add(turn: Turn, sellable_id: int, warehouse_id: int, physical: int) -> None:
    """Store the entry of a sellable in a warehouse with so many units."""
    body = {
        "sellable_id": sellable_id,
        "warehouse_id": warehouse_id,
        "physical": physical,
        "allocated": 0,
        "infinite": False,
        "location": None,
        "updated_at": iso_milliseconds(turn.now),
    }
    turn.tx.add(KIND, key(sellable_id, warehouse_id), body, parent=str(sellable_id))


def find(turn: Turn, sellable_id: int, warehouse_id: int) -> Json:
    """The stored entry; one of nought if the warehouse never held the sellable."""
    stored = turn.tx.get(KIND, key(sellable_id, warehouse_id))
    if stored is None:
        add(turn, sellable_id, warehouse_id, 0)
        stored = turn.tx.get(KIND, key(sellable_id, warehouse_id))
    return stored or {}


def save(turn: Turn, entry: Json) -> None:
    """Save an entry with a new time of change."""
    entry["updated_at"] = iso_milliseconds(turn.now)
    turn.tx.put(KIND, key(entry["sellable_id"], entry["warehouse_id"]), entry)


def free_units(turn: Turn, sellable_id: int, warehouse_id: int) -> int:
    """Units no order has claimed; a very large number where stock is infinite."""
    entry = find(turn, sellable_id, warehouse_id)
    return 10**9 if entry["infinite"] else entry["physical"] - entry["allocated"]


def claim(turn: Turn, sellable_id: int, warehouse_id: int, units: int) -> None:
    """Claim units for an order; a negative number gives them back."""
    entry = find(turn, sellable_id, warehouse_id)
    entry["allocated"] += units
    save(turn, entry)


def hand_over(turn: Turn, sellable_id: int, warehouse_id: int, units: int) -> None:
    """Claimed units leave the building; a negative number brings them back, claimed."""
    entry = find(turn, sellable_id, warehouse_id)
    entry["allocated"] -= units
    if not entry["infinite"]:
        entry["physical"] -= units
    save(turn, entry)


def render(entry: Json, warehouse: Json, cost_price: str | None) -> Json:
    """A stock entry with its keys; worth in the account's currency."""
    physical = entry["physical"]
    return {
        "sellable_id": entry["sellable_id"],
        "warehouse_id": entry["warehouse_id"],
        "infinite": entry["infinite"],
        "allocated_stock_level": entry["allocated"],
        "stock_running_low": False,
        "updated_at": entry["updated_at"],
        "incoming_stock_level": 0,
        "transit_outgoing_stock_level": 0,
        "warehouse": {
            "id": warehouse["id"],
            "name": warehouse["name"],
            "display_position": warehouse["display_position"],
        },
        "physical_stock_level": physical,
        "available_stock_level": physical - entry["allocated"],
        "sellable_on_hand_value": round(physical * number(cost_price), 2),
        "transit_incoming_stock_level": 0,
        "location": entry["location"],
    }


def view(call: Call) -> Response:
    """GET …/stock_entry."""
    return ok(_rendered(call, _entry_of(call)))


def update(call: Call) -> Response:
    """Set, not add to, the physical level."""
    entry = _entry_of(call)
    given = wrapped(call, "stock_entry")
    if "physical_stock_level" in given:
        entry["physical"] = whole(given, "physical_stock_level")
    if "infinite" in given:
        if not isinstance(given["infinite"], bool):
            refuse(400, ["Infinite is invalid"])
        entry["infinite"] = given["infinite"]
    if "location" in given:
        entry["location"] = text(given, "location")
    save(call.turn, entry)
    return ok(_rendered(call, entry))


def _entry_of(call: Call) -> Json:
    sellable_id, warehouse_id = call.params["sellable_id"], call.params["warehouse_id"]
    if not (sellable_id.isdecimal() and warehouse_id.isdecimal()):
        not_found()
    found(call.tx.get(SELLABLE, sellable_id))
    found(call.tx.get(warehouses.KIND, warehouse_id))
    return find(call.turn, int(sellable_id), int(warehouse_id))


def _rendered(call: Call, entry: Json) -> Json:
    warehouse = found(call.tx.get(warehouses.KIND, entry["warehouse_id"]))
    sellable = found(call.tx.get(SELLABLE, entry["sellable_id"]))
    return render(entry, warehouse, sellable["cost_price"])
