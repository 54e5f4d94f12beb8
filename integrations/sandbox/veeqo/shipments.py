"""Shipments made by hand, and the end of a shipment."""

from integrations.sandbox import journeys
from integrations.sandbox.carriers import carrier_numbered
from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import labels, order_book, stock
from integrations.sandbox.veeqo.allocation_view import SHIPMENT, live_shipment, render_shipment
from integrations.sandbox.veeqo.allocations import SHIPPED, find
from integrations.sandbox.veeqo.answers import (
    created,
    flag,
    found,
    no_content,
    not_found,
    refuse,
    require,
    text,
    whole,
    wrapped,
)


def create(call: Call) -> Response:
    """Record that an allocation was shipped, without buying a label."""
    given = wrapped(call, "shipment")
    require(call.body, "allocation_id", "order_id")
    if not isinstance(given.get("notify_customer"), bool):
        refuse(400, ["Notify customer can't be blank"])
    carrier = carrier_numbered(whole(given, "carrier_id"))
    if carrier is None:
        not_found()
    allocation = find(call, whole(call.body, "allocation_id"))
    if allocation["order_id"] != whole(call.body, "order_id"):
        not_found()
    if live_shipment(call.turn, allocation["id"]):
        refuse(400, SHIPPED)
    shipment = _by_hand(call, given, allocation, carrier.veeqo_number)
    labels.store(call.turn, shipment, allocation)
    order_book.touch(call.turn, allocation["order_id"])
    return created(render_shipment(call.turn, shipment), f"/shipments/{shipment['id']}")


def _by_hand(call: Call, given: Json, allocation: Json, carrier_number: int) -> Json:
    stamp = iso_milliseconds(call.now)
    tracking = given.get("tracking_number_attributes")
    if not isinstance(tracking, dict):
        tracking = {}
    return {
        "id": call.turn.ids.number(SHIPMENT, 72001),
        "created_at": stamp,
        "updated_at": stamp,
        "allocation_id": allocation["id"],
        "order_id": allocation["order_id"],
        "carrier_id": carrier_number,
        "weight": 0.0,
        "notify_customer": given["notify_customer"],
        "update_remote_order": flag(given, "update_remote_order"),
        "tracking_number": text(tracking, "tracking_number"),
        "tracking_id": call.turn.ids.number("veeqo.tracking_number", 81001),
        "charges": {"unit": None, "value": None},
        "bought": False,
        "status": "created",
        "times": {},
        "events": [],
    }


def delete(call: Call) -> Response:
    """Cancel a shipment: its label is void, the units are back, the order is open again."""
    document = call.tx.document(SHIPMENT, call.params["id"])
    if document is None or document.status != "live":
        not_found()
    cancel(call.turn, document.body)
    return no_content()


def cancel(turn: Turn, shipment: Json) -> None:
    """Void a shipment, bring its units back and open its order again."""
    stamp = iso_milliseconds(turn.now)
    shipment["times"]["cancelled_at"] = stamp
    shipment["updated_at"] = stamp
    turn.tx.put(SHIPMENT, shipment["id"], shipment, status="cancelled")
    journeys.abandon(turn, "veeqo", str(shipment["id"]))
    allocation = found(turn.tx.get("veeqo.allocation", shipment["allocation_id"]))
    for line in allocation["lines"]:
        stock.hand_over(turn, line["sellable_id"], allocation["warehouse_id"], -line["quantity"])
    order_book.touch(turn, shipment["order_id"])
