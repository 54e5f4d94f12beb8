"""Warehouses, which Veeqo's screens call locations."""

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo.answers import (
    USER_ID,
    created,
    found,
    no_content,
    ok,
    refuse,
    require,
    texts,
)
from integrations.sandbox.veeqo.paging import TOTALS, Selection, read_page, select_page

KIND = "veeqo.warehouse"
WRITABLE = (
    "name",
    "trading_name",
    "address_line_1",
    "address_line_2",
    "city",
    "region",
    "country",
    "post_code",
    "phone",
    "external_id",
)


def add(turn: Turn, given: Json) -> Json:
    """Store a warehouse with what Veeqo adds to it."""
    stamp = iso_milliseconds(turn.now)
    number = turn.ids.number(KIND, 501)
    body = {"id": number, **dict.fromkeys(WRITABLE), **texts(given, WRITABLE), **_cut_offs(given)}
    body |= {
        "inventory_type_code": "wavg",
        "default_min_reorder": 0,
        "click_and_collect_enabled": False,
        "click_and_collect_days": None,
        "requested_carrier_account": None,
        "display_position": 9999,
        "tax_id": None,
        "eori_id": None,
        "uk_ims_id": None,
        "ioss_id": None,
        "letterbox_address_status": "READY",
        "created_at": stamp,
        "created_by_id": USER_ID,
        "updated_at": stamp,
        "updated_by_id": None,
        "deleted_at": None,
        "deleted_by_id": None,
    }
    turn.tx.add(KIND, number, body, reference=body["name"] or "")
    return body


def _cut_offs(given: Json) -> Json:
    times = given.get("cut_off_times")
    return {
        "cut_off_times_enabled": given.get("cut_off_times_enabled") is True,
        "cut_off_times": times if isinstance(times, dict) else None,
    }


def list_warehouses(call: Call) -> Response:
    """GET /warehouses."""
    page = read_page(call, 10, TOTALS)
    selection = Selection(KIND)
    if external := call.request.first("external_id"):
        where = "json_extract(body, '$.external_id') = ?"
        selection = Selection(KIND, where, (external,))
    documents, headers = select_page(call, selection, page, TOTALS)
    return json_response(200, [document.body for document in documents], headers)


def view(call: Call) -> Response:
    """GET /warehouses/{id}."""
    return ok(found(call.tx.get(KIND, call.params["id"])))


def create(call: Call) -> Response:
    """POST /warehouses."""
    require(call.body, "name", "address_line_1", "city", "country", "post_code")
    body = add(call.turn, call.body)
    return created(body, f"/warehouses/{body['id']}")


def update(call: Call) -> Response:
    """PUT /warehouses/{id}."""
    body = found(call.tx.get(KIND, call.params["id"]))
    body |= {**texts(call.body, WRITABLE), **(_cut_offs(body | call.body))}
    if not body["name"]:
        refuse(400, ["Name can't be blank"])
    body |= {"updated_at": iso_milliseconds(call.now), "updated_by_id": USER_ID}
    call.tx.put(KIND, body["id"], body, reference=body["name"])
    return no_content()


def delete(call: Call) -> Response:
    """DELETE /warehouses/{id}."""
    found(call.tx.get(KIND, call.params["id"]))
    call.tx.remove(KIND, call.params["id"])
    return no_content()
