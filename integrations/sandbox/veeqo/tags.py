"""Tags and bulk tagging; an order's tags can be set in no other way."""

from typing import Any

from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo.answers import (
    COMPANY_ID,
    LARGEST,
    created,
    found,
    no_content,
    not_found,
    ok,
    refuse,
    require,
    text,
)
from integrations.sandbox.veeqo.paging import list_bodies

KIND = "veeqo.tag"
TAGGED = {"order_ids": "veeqo.order", "product_ids": "veeqo.product"}


def list_tags(call: Call) -> Response:
    """GET /tags."""
    return list_bodies(call, KIND, 100)


def view(call: Call) -> Response:
    """GET /tags/{id}."""
    return ok(found(call.tx.get(KIND, call.params["id"])))


def create(call: Call) -> Response:
    """POST /tags."""
    require(call.body, "name", "colour")
    tag: Json = {
        "id": call.turn.ids.number(KIND, 14101),
        "name": text(call.body, "name") or "",
        "colour": text(call.body, "colour"),
        "company_id": COMPANY_ID,
        "taggings_count": 0,
        "deleted_at": None,
        "deleted_by_id": None,
    }
    call.tx.add(KIND, tag["id"], tag, reference=tag["name"])
    return created(tag, f"/tags/{tag['id']}")


def delete(call: Call) -> Response:
    """DELETE /tags/{id}."""
    found(call.tx.get(KIND, call.params["id"]))
    call.tx.remove(KIND, call.params["id"])
    return no_content()


def tag_many(call: Call) -> Response:
    """POST /bulk_tagging: orders or products get tags."""
    _change(call, lambda tags, chosen: [*tags, *(tag for tag in chosen if tag not in tags)])
    return no_content()


def untag_many(call: Call) -> Response:
    """DELETE /bulk_tagging: orders or products lose tags."""
    _change(call, lambda tags, chosen: [tag for tag in tags if tag not in chosen])
    return no_content()


def _change(call: Call, change: Any) -> None:
    tag_ids = _numbers(call.body, "tag_ids")
    targets = [name for name in TAGGED if call.body.get(name)]
    if len(targets) != 1:
        refuse(400, ["Use order_ids or product_ids"])
    if any(call.tx.get(KIND, tag) is None for tag in tag_ids):
        not_found()
    for number in _numbers(call.body, targets[0]):
        body = found(call.tx.get(TAGGED[targets[0]], number))
        body["tag_ids"] = change(body.get("tag_ids", []), tag_ids)
        call.tx.put(TAGGED[targets[0]], number, body)


def _numbers(body: Json, name: str) -> list[int]:
    values = body.get(name)
    if not isinstance(values, list) or not all(
        type(value) is int and abs(value) <= LARGEST for value in values
    ):
        refuse(400, [f"{name} must be numbers"])
    return values
