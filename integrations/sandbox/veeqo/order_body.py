"""From the body of POST or PUT /orders to what is stored."""

from integrations.sandbox.clock import iso_milliseconds, parse_day_first
from integrations.sandbox.messages import Json, words
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo import addresses, channels, customers, delivery_methods
from integrations.sandbox.veeqo.answers import (
    USER_ID,
    amount,
    found,
    not_found,
    refuse,
    require,
    rows,
    text,
    whole,
)
from integrations.sandbox.veeqo.catalogue import SELLABLE

PAYMENT_TYPES = words(
    "none cash credit_card bank_transfer paypal paypal_express sagepay checkmo online_finance"
)


def new_order(call: Call, given: Json) -> Json:
    """A stored order from the body's attributes. Refuses with 400 or 404."""
    _require_parts(given)
    channel = found(call.tx.get(channels.KIND, whole(given, "channel_id")))
    method = whole(given, "delivery_method_id")
    found(call.tx.get(delivery_methods.KIND, method))
    customer = _customer(call, given)
    number = call.turn.ids.number("veeqo.order", 41001)
    return {
        "id": number,
        "number": text(given, "number") or f"#P-{447000 + number - 41001}",
        "channel_id": channel["id"],
        "customer_id": customer["id"],
        "deliver_to": _deliver_to(call, given, customer),
        "delivery_method_id": method,
        "lines": [_line(call, row) for row in rows(given, "line_items_attributes")],
        "payment": payment(call, given.get("payment_attributes"), number),
        "send_notification_email": bool(given.get("send_notification_email")),
        "due_date": due_date(given),
        "dispatch_date": text(given, "dispatch_date"),
        "delivery_cost": amount(given, "delivery_cost"),
        "total_tax": amount(given, "total_tax", "") or None,
        "discount": amount(given, "additional_order_level_taxless_discount"),
        "customer_note": _customer_note(call, given, number),
        "employee_notes": _notes(call, given, number),
        "tag_ids": [],
    }


def _require_parts(given: Json) -> None:
    blank = [
        n for n in ("channel_id", "delivery_method_id", "line_items_attributes") if not given.get(n)
    ]
    if not (given.get("customer_id") or given.get("customer_attributes")):
        blank.append("customer")
    if not (given.get("deliver_to_id") or given.get("deliver_to_attributes")):
        blank.append("deliver_to")
    require(given, *blank)


def _customer(call: Call, given: Json) -> Json:
    if given.get("customer_id"):
        return found(call.tx.get(customers.KIND, whole(given, "customer_id")))
    attributes = given["customer_attributes"]
    if not isinstance(attributes, dict):
        refuse(400, ["Customer is invalid"])
    return customers.add(call.turn, attributes)


def _deliver_to(call: Call, given: Json, customer: Json) -> Json:
    """The address to ship to, a snapshot; a new one joins the customer's addresses."""
    if given.get("deliver_to_id"):
        chosen = whole(given, "deliver_to_id")
        return next((a for a in customer["shipping"] if a["id"] == chosen), None) or not_found()
    attributes = given["deliver_to_attributes"]
    if not isinstance(attributes, dict):
        refuse(400, ["Deliver to is invalid"])
    require(attributes, "first_name", "address1", "city", "country")
    address = addresses.new(call.turn, attributes)
    customer["shipping"].append(address)
    customers.save(call.turn, customer)
    return address


def _line(call: Call, given: Json) -> Json:
    require(given, "sellable_id", "price_per_unit", "quantity")
    sellable = found(call.tx.get(SELLABLE, whole(given, "sellable_id")))
    stamp = iso_milliseconds(call.now)
    return {
        "id": call.turn.ids.number("veeqo.line", 43001),
        "sellable_id": sellable["id"],
        "price_per_unit": amount(given, "price_per_unit"),
        "quantity": whole(given, "quantity", least=1),
        "tax_rate": amount(given, "tax_rate"),
        "taxless_discount_per_unit": amount(given, "taxless_discount_per_unit"),
        "additional_options": text(given, "additional_options"),
        "remote_id": text(given, "remote_id"),
        "created_at": stamp,
        "updated_at": stamp,
    }


def payment(call: Call, given: Json | None, order_number: int) -> Json | None:
    """The payment that makes an order paid, None if none is given."""
    if given is None:
        return None
    if not isinstance(given, dict) or text(given, "payment_type") not in PAYMENT_TYPES:
        refuse(400, ["Payment type is not included in the list"])
    stamp = iso_milliseconds(call.now)
    return {
        "id": call.turn.ids.number("veeqo.payment", 37001),
        "payment_type": given["payment_type"],
        "reference_number": text(given, "reference_number"),
        "created_at": stamp,
        "updated_at": stamp,
        "order_id": order_number,
        "card_number": None,
        "created_by_id": USER_ID,
    }


def due_date(given: Json) -> str | None:
    """The due date of a body as Veeqo answers it; None if it cannot be read."""
    moment = parse_day_first(text(given, "due_date") or "")
    return iso_milliseconds(moment) if moment is not None else None


def _customer_note(call: Call, given: Json, order_number: int) -> Json | None:
    attributes = given.get("customer_note_attributes")
    if not isinstance(attributes, dict):
        return None
    number = call.turn.ids.number("veeqo.note", 31001)
    return {"id": number, "text": text(attributes, "text"), "order_id": order_number}


def _notes(call: Call, given: Json, order_number: int) -> list[Json]:
    notes = [text(row, "text") for row in rows(given, "employee_notes_attributes")]
    return [new_note(call, note, order_number) for note in notes]


def new_note(call: Call, content: str | None, order_number: int) -> Json:
    """An employee's note as it is stored."""
    account = call.turn.world.account
    return {
        "id": call.turn.ids.number("veeqo.note", 31001),
        "text": content,
        "order_id": order_number,
        "created_at": iso_milliseconds(call.now),
        "created_by": {
            "id": USER_ID,
            "login": account.veeqo_user,
            "email": account.veeqo_email,
        },
    }


def apply_changes(call: Call, order: Json, given: Json) -> None:
    """Change a stored order as PUT does; attributes it does not know are ignored."""
    if given.get("channel_id"):
        order["channel_id"] = found(call.tx.get(channels.KIND, whole(given, "channel_id")))["id"]
    if given.get("delivery_method_id"):
        method = found(call.tx.get(delivery_methods.KIND, whole(given, "delivery_method_id")))
        order["delivery_method_id"] = method["id"]
    if given.get("deliver_to_id") or given.get("deliver_to_attributes"):
        customer = found(call.tx.get(customers.KIND, order["customer_id"]))
        order["deliver_to"] = _deliver_to(call, given, customer)
    if "due_date" in given:
        order["due_date"] = due_date(given)
    if "dispatch_date" in given:
        order["dispatch_date"] = text(given, "dispatch_date")
    if given.get("payment_attributes"):
        order["payment"] = payment(call, given["payment_attributes"], order["id"])
    if given.get("customer_note_attributes"):
        order["customer_note"] = _customer_note(call, given, order["id"])
    order["employee_notes"] += _notes(call, given, order["id"])
    _change_lines(call, order, rows(given, "line_items_attributes"))


def _change_lines(call: Call, order: Json, given: list[Json]) -> None:
    """A known sellable's line is changed, another is added; none is ever removed."""
    lines = {line["sellable_id"]: line for line in order["lines"]}
    for row in given:
        require(row, "sellable_id")
        old = lines.get(whole(row, "sellable_id"), {})
        line = _line(call, {**old, **row})
        lines[line["sellable_id"]] = {**line, "id": old.get("id", line["id"])}
    order["lines"] = list(lines.values())
