"""Delivery methods: cost is a string here and a number inside an order."""

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo.answers import (
    USER_ID,
    amount,
    created,
    found,
    number,
    ok,
    require,
    text,
)
from integrations.sandbox.veeqo.paging import list_bodies

KIND = "veeqo.delivery_method"


def add(turn: Turn, name: str, cost: str) -> Json:
    """Store a delivery method; the cost is a decimal string."""
    stamp = iso_milliseconds(turn.now)
    method: Json = {
        "id": turn.ids.number(KIND, 1200),
        "cost": cost,
        "name": name,
        "user_id": USER_ID,
        "created_at": stamp,
        "updated_at": stamp,
        "deleted_at": None,
        "deleted_by_id": None,
    }
    turn.tx.add(KIND, method["id"], method, reference=name)
    return method


def inside_order(turn: Turn, number_of_method: int) -> Json | None:
    """A delivery method as an order shows it, its cost a number."""
    method = turn.tx.get(KIND, number_of_method)
    if method is None:
        return None
    return {"id": method["id"], "cost": number(method["cost"]), "name": method["name"]}


def list_methods(call: Call) -> Response:
    """GET /delivery_methods."""
    return list_bodies(call, KIND, 1)


def view(call: Call) -> Response:
    """GET /delivery_methods/{id}."""
    return ok(found(call.tx.get(KIND, call.params["id"])))


def create(call: Call) -> Response:
    """POST /delivery_methods."""
    require(call.body, "name")
    method = add(call.turn, text(call.body, "name") or "", amount(call.body, "cost", "0.0"))
    return created(method, f"/delivery_methods/{method['id']}")


def update(call: Call) -> Response:
    """PUT /delivery_methods/{id}."""
    method = found(call.tx.get(KIND, call.params["id"]))
    method["name"] = text(call.body, "name") or method["name"]
    method["cost"] = amount(call.body, "cost", method["cost"])
    method["updated_at"] = iso_milliseconds(call.now)
    call.tx.put(KIND, method["id"], method, reference=method["name"])
    return ok(method)


def delete(call: Call) -> Response:
    """DELETE /delivery_methods/{id}."""
    method = found(call.tx.get(KIND, call.params["id"]))
    call.tx.remove(KIND, method["id"])
    return ok(method)
