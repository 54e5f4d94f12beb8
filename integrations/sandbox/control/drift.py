"""Changes made “at the platform”, behind the client's back, so that the two disagree."""

import copy
from decimal import Decimal
from typing import Any

from integrations.sandbox.control.base import (
    Command,
    amount_of,
    refuse,
    text_of,
    texts_of,
    units_of,
)
from integrations.sandbox.control.targets import platform_of, stored_shipment, target
from integrations.sandbox.easyship import addresses, labels, shipment_book
from integrations.sandbox.easyship.drafts import DESTINATION_COLUMNS
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.identity import fixed_uuid
from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import order_book, shipments, stock, warehouses
from integrations.sandbox.veeqo.addresses import GIVEN as VEEQO_ADDRESS
from integrations.sandbox.veeqo.allocation_view import live_shipment
from integrations.sandbox.veeqo.order_view import ALLOCATION

SETTABLE_STATUSES = (None, "on_hold", "refunded")


def cancel(command: Command) -> Response:
    """Cancel an order or shipment, whatever its state."""
    with command.sandbox.turn() as turn:
        document = target(turn, command.body)
        if platform_of(command.body) == "veeqo":
            _cancel_order(turn, document.body)
        else:
            labels.end_cancel(turn, stored_shipment(document))
    return json_response(200, {"cancelled": document.id})


def _cancel_order(turn: Turn, order: Json) -> None:
    _void_labels(turn, order)
    order_book.cancel(turn, order_book.find(turn, order["id"]).body, "Cancelled at the platform")


def _void_labels(turn: Turn, order: Json) -> None:
    """Their parcels travel no more."""
    for allocation in turn.tx.children(ALLOCATION, order["id"]):
        if shipment := live_shipment(turn, allocation["id"]):
            shipments.cancel(turn, shipment)


def duplicate(command: Command) -> Response:
    """Make a second object with the same reference."""
    with command.sandbox.turn() as turn:
        document = target(turn, command.body)
        if platform_of(command.body) == "veeqo":
            made = _copy_order(turn, document.body)
        else:
            made = _copy_shipment(turn, stored_shipment(document))
    return json_response(200, {"created": made})


def _copy_order(turn: Turn, order: Json) -> str:
    twin = copy.deepcopy(order) | {"id": turn.ids.number("veeqo.order", 41001)}
    twin |= {"cancelled_at": None, "set_status": None}
    order_book.add(turn, twin)
    return str(twin["id"])


def _copy_shipment(turn: Turn, stored: Stored) -> str:
    shipment = copy.deepcopy(stored.shipment)
    return shipment_book.new(turn, shipment, shipment["rates"], shipment["courier_service"]).id


def remove(command: Command) -> Response:
    """Make an order or shipment vanish without a trace."""
    with command.sandbox.turn() as turn:
        document = target(turn, command.body)
        if platform_of(command.body) == "veeqo":
            _void_labels(turn, document.body)
            order_book.drop_allocations(turn, document.body["id"])
            turn.tx.remove("veeqo.order", document.id)
        else:
            turn.tx.remove(shipment_book.KIND, document.id)
    return json_response(200, {"removed": document.id})


def edit(command: Command) -> Response:
    """
    Change columns of an order or shipment. “changes” may hold:

    both: reference, quantities {sku: units}, warehouse (its code), price (of the shipment or, at
    Veeqo, of delivery); Veeqo: deliver_to {…}, status (on_hold, refunded or null);
    Easyship: destination_address {…}.
    """
    changes = command.body.get("changes")
    if not isinstance(changes, dict) or not changes:
        refuse("“changes” must be an object that is not empty.")
    with command.sandbox.turn() as turn:
        document = target(turn, command.body)
        change = _edit_order if platform_of(command.body) == "veeqo" else _edit_shipment
        change(turn, document, changes)
    return json_response(200, {"edited": document.id})


def _edit_order(turn: Turn, document: Document, changes: Json) -> None:
    order = document.body
    for name, value in changes.items():
        match name:
            case "reference":
                order["number"] = text_of(changes, name)
            case "deliver_to":
                order[name] = {**order[name], **texts_of(changes, name, VEEQO_ADDRESS)}
            case "quantities":
                _edit_lines(turn, order, units_of(changes, name))
            case "warehouse":
                _move_allocations(turn, order, _warehouse_number(turn, text_of(changes, name)))
            case "price":
                order["delivery_cost"] = str(amount_of(changes, name))
            case "status":
                order["set_status"] = _status_of(value)
            case _:
                refuse(f"An order at Veeqo has no “{name}” to change.")
    turn.tx.put("veeqo.order", order["id"], order, reference=order["number"])
    order_book.settle(turn, order)


def _status_of(value: Any) -> str | None:
    if value not in SETTABLE_STATUSES:
        refuse("“status” must be on_hold, refunded, or null for what it would be by itself.")
    status: str | None = value
    return status


def _edit_lines(turn: Turn, order: Json, quantities: Json) -> None:
    for line in order["lines"]:
        sellable = turn.tx.get(stock.SELLABLE, line["sellable_id"]) or {}
        line["quantity"] = quantities.get(sellable.get("sku_code", ""), line["quantity"])


def _warehouse_number(turn: Turn, code: str) -> int:
    numbers: list[int] = [
        warehouse["id"]
        for warehouse in turn.tx.bodies(warehouses.KIND)
        if code in (warehouse["external_id"], warehouse["name"])
    ]
    return numbers[0] if numbers else refuse(f"There is no warehouse “{code}”.")


def _move_allocations(turn: Turn, order: Json, warehouse: int) -> None:
    for allocation in turn.tx.children(ALLOCATION, order["id"]):
        lines = {line["sellable_id"]: line["quantity"] for line in allocation["lines"]}
        order_book.fill(turn, allocation, warehouse, lines)


def _edit_shipment(turn: Turn, document: Document, changes: Json) -> None:
    stored = stored_shipment(document)
    for name in changes:
        match name:
            case "reference":
                stored.shipment["order_data"]["platform_order_number"] = text_of(changes, name)
            case "destination_address":
                given = texts_of(changes, name, DESTINATION_COLUMNS)
                stored.shipment[name] = {**stored.shipment[name], **given}
            case "quantities":
                _edit_items(stored, units_of(changes, name))
            case "warehouse":
                _move_origin(turn, stored, text_of(changes, name))
            case "price":
                _reprice(stored, amount_of(changes, name))
            case _:
                refuse(f"A shipment at Easyship has no “{name}” to change.")
    shipment_book.save(turn, stored)


def _edit_items(stored: Stored, quantities: Json) -> None:
    for parcel in stored.shipment["parcels"]:
        for item in parcel["items"]:
            item["quantity"] = quantities.get(item["sku"], item["quantity"])


def _move_origin(turn: Turn, stored: Stored, code: str) -> None:
    address = addresses.columns_of(turn, fixed_uuid("easyship address", code))
    stored.shipment["origin_address"] = address or refuse(f"There is no warehouse “{code}”.")


def _reprice(stored: Stored, price: Decimal) -> None:
    rate = shipment_book.chosen_rate(stored) or refuse("The shipment has no chosen service.")
    rate["total_charge"] = float(price)
