"""Orders: list, view, create, change, cancel, notes and payments."""

from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo import order_book
from integrations.sandbox.veeqo.answers import (
    created,
    no_content,
    ok,
    refuse,
    require,
    text,
    whole,
    wrapped,
)
from integrations.sandbox.veeqo.order_body import apply_changes, new_note, new_order, payment
from integrations.sandbox.veeqo.order_search import search
from integrations.sandbox.veeqo.order_view import OrderView
from integrations.sandbox.veeqo.paging import ALL_HEADERS, read_page, select_page


def list_orders(call: Call) -> Response:
    """GET /orders."""
    page = read_page(call, 12, ALL_HEADERS)
    documents, headers = select_page(call, search(call), page, ALL_HEADERS)
    view_of = OrderView(call.turn)
    return ok([view_of.render(document) for document in documents], headers)


def view(call: Call) -> Response:
    """GET /orders/{order_id}."""
    return ok(rendered(call, call.params["order_id"]))


def rendered(call: Call, number: int | str) -> Json:
    """The order as answered, or Veeqo's 404."""
    return OrderView(call.turn).render(order_book.find(call.turn, number))


def create(call: Call) -> Response:
    """POST /orders: stored and allocated."""
    order = new_order(call, wrapped(call, "order"))
    order_book.add(call.turn, order)
    if call.turn.faults.strike("cancelled-create", "veeqo", order["number"]):
        order_book.cancel(call.turn, order, "Cancelled by the sandbox's faults")
    return created(rendered(call, order["id"]), f"/orders/{order['id']}")


def update(call: Call) -> Response:
    """PUT /orders/{order_id}."""
    order = order_book.find(call.turn, call.params["order_id"]).body
    apply_changes(call, order, wrapped(call, "order"))
    order_book.settle(call.turn, order)
    return ok(rendered(call, order["id"]))


def cancel(call: Call) -> Response:
    """Cancel an open order; once more does no harm; a shipped one is refused."""
    document = order_book.find(call.turn, call.params["order_id"])
    if document.status == "shipped":
        refuse(400, "This order is already shipped")
    if document.status != "cancelled":
        order_book.cancel(call.turn, document.body, text(call.body, "cancel_reason"))
    return no_content()


def add_note(call: Call) -> Response:
    """POST /orders/{order_id}/notes: an employee's note."""
    order = order_book.find(call.turn, call.params["order_id"]).body
    given = wrapped(call, "note")
    require(given, "text")
    note = new_note(call, text(given, "text"), order["id"])
    order["employee_notes"].append(note)
    order_book.settle(call.turn, order)
    return json_response(201, note)


def list_returns(call: Call) -> Response:
    """GET /orders/{order_id}/returns: there are none."""
    order_book.find(call.turn, call.params["order_id"])
    return ok([])


def pay(call: Call) -> Response:
    """POST /payments: the order waits for no payment any more."""
    given = wrapped(call, "payment_attributes")
    order = order_book.find(call.turn, whole(given, "order_id")).body
    order["payment"] = payment(call, given, order["id"])
    order_book.settle(call.turn, order)
    return no_content()
