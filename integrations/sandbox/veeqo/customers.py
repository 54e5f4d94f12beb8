"""Customers. E-mail addresses are not unique; whoever creates one looks first."""

from typing import Any

from integrations.sandbox.messages import Json, Response, words
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import addresses
from integrations.sandbox.veeqo.answers import (
    USER_ID,
    created,
    found,
    ok,
    refuse,
    require,
    text,
    texts,
    wrapped,
)
from integrations.sandbox.veeqo.paging import ALL_HEADERS, Selection, read_page, select_page

KIND = "veeqo.customer"
TYPES = ("retail", "business")
TEXTS = ("email", "phone", "mobile", "notes", "customer_type")


def add(turn: Turn, given: Json) -> Json:
    """Store a customer; the billing address is its first shipping address as well."""
    number = turn.ids.number(KIND, 6100)
    customer: Json = {"id": number, **dict.fromkeys(TEXTS), **texts(given, TEXTS)}
    customer["customer_type"] = customer["customer_type"] or "retail"
    billing = given.get("billing_address_attributes")
    if billing is not None and not isinstance(billing, dict):
        refuse(400, ["Billing address is invalid"])
    customer["billing"] = addresses.new(turn, billing) if billing else None
    customer["shipping"] = [customer["billing"]] if billing else []
    turn.tx.add(KIND, number, customer, reference=customer["email"] or "", words=_words(customer))
    return customer


def _words(customer: Json) -> str:
    name = addresses.full_name(customer["billing"] or {})
    return f"{name} {customer['email'] or ''} {customer['phone'] or ''}".lower()


def save(turn: Turn, customer: Json) -> None:
    """Save a customer together with what a search finds it by."""
    words = _words(customer)
    turn.tx.put(KIND, customer["id"], customer, reference=customer["email"] or "", words=words)


def render(customer: Json) -> Json:
    """A customer with all its keys."""
    shipping = [addresses.as_shipping(address) for address in customer["shipping"]]
    billing = customer["billing"]
    named = billing or (shipping[-1] if shipping else {})
    empty = words(
        "account company_name payment_terms currency payment_method discount minimum_order_value "
        "delivery_method_id price_list_id remote_id price_list delivery_method"
    )
    return {
        "id": customer["id"],
        **{name: customer[name] for name in TEXTS},
        **dict.fromkeys(empty),
        "created_by_id": USER_ID,
        "full_name": addresses.full_name(named),
        "billing_address": addresses.as_billing(billing) if billing else None,
        "shipping_addresses": shipping,
        "contact_data": {"email": customer["email"], "phone": customer["mobile"]},
        "last_used_shipping_address": shipping[-1] if shipping else None,
    }


def list_customers(call: Call) -> Response:
    """GET /customers."""
    page = read_page(call, 12, ALL_HEADERS)
    where: list[str] = ["1"]
    values: list[Any] = []
    if query := call.request.first("query").strip().lower():
        where.append("words LIKE ?")
        values.append(f"%{query}%")
    if kind := call.request.first("customer_type"):
        where.append("json_extract(body, '$.customer_type') = ?")
        values.append(kind)
    selection = Selection(KIND, " AND ".join(where), tuple(values))
    documents, headers = select_page(call, selection, page, ALL_HEADERS)
    return ok([render(document.body) for document in documents], headers)


def view(call: Call) -> Response:
    """GET /customers/{id}."""
    return ok(render(found(call.tx.get(KIND, call.params["id"]))))


def create(call: Call) -> Response:
    """POST /customers."""
    given = wrapped(call, "customer")
    require(given, "email", "customer_type")
    _check(given)
    customer = add(call.turn, given)
    return created(render(customer), f"/customers/{customer['id']}")


def update(call: Call) -> Response:
    """PUT /customers/{id}."""
    customer = found(call.tx.get(KIND, call.params["id"]))
    given = wrapped(call, "customer")
    _check(given)
    customer |= texts(given, TEXTS)
    if billing := given.get("billing_address_attributes"):
        customer["billing"] = addresses.new(call.turn, billing)
    save(call.turn, customer)
    return ok(render(customer))


def _check(given: Json) -> None:
    if given.get("customer_type", "retail") not in TYPES:
        refuse(400, ["Customer type is not included in the list"])
    if len(text(given, "notes") or "") > 255:
        refuse(400, ["Notes is too long (maximum is 255 characters)"])
    billing = given.get("billing_address_attributes")
    if billing is not None and not isinstance(billing, dict):
        refuse(400, ["Billing address is invalid"])
