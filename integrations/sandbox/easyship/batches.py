"""Batches of labels: bought one after the other in the background."""

from typing import Any

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship import events, labels, shipment_book
from integrations.sandbox.easyship.answers import Problem, found, listing, single
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Action, Call, Turn

KIND = "easyship.batch"
ITEM = "easyship.batch_item"
RUNNING = "easyship.batch"
STATES = ("created", "processing", "processed", "failed")


def create_labels(call: Call) -> Response:
    """Accept a batch of labels; each shipment's fate shows in its item."""
    turn, stamp = call.turn, iso_seconds(call.now)
    batch: Json = {
        "id": turn.ids.uuid(),
        "state": "created",
        "type": "label_batch",
        "started_at": None,
        "finished_at": None,
        "created_at": stamp,
        "updated_at": stamp,
    }
    turn.tx.add(KIND, batch["id"], batch)
    for wanted in call.body["shipments"]:
        _add_item(turn, batch["id"], wanted["easyship_shipment_id"])
    turn.schedule(turn.now + turn.options.label_seconds / 2, RUNNING, {"id": batch["id"]})
    return single(call, "batch", {n: v for n, v in batch.items() if n != "updated_at"}, 202)


def _add_item(turn: Turn, batch_id: str, shipment_id: str) -> None:
    stamp = iso_seconds(turn.now)
    item: Json = {
        "id": turn.ids.uuid(),
        "type": "label_batch_item",
        "reference_id": shipment_id,
        "state": "created",
        "record_type": "Shipment",
        "record_id": None,
        "processing_errors": [],
        "finished_at": None,
        "created_at": stamp,
        "updated_at": stamp,
    }
    turn.tx.add(ITEM, item["id"], item, parent=batch_id)


def run(turn: Turn, body: Json, due: float) -> None:
    """Buy every label of a batch."""
    batch = found(turn.tx.get(KIND, body["id"]), "Batch")
    stamp = iso_seconds(turn.now)
    items = turn.tx.children(ITEM, batch["id"])
    content: Json = {"started_at": stamp, "items": len(items)}
    events.queue(turn, "batch.started", ("shipment_batch", batch["id"]), content)
    for item in items:
        _buy(turn, item)
    failed = sum(item["state"] == "failed" for item in items)
    state = "failed" if failed == len(items) else "processed"
    batch |= {"state": state, "started_at": stamp, "finished_at": stamp, "updated_at": stamp}
    turn.tx.put(KIND, batch["id"], batch)
    content |= {"finished_at": stamp, "state": state, "failed_items": failed}
    events.queue(turn, "batch.finished", ("shipment_batch", batch["id"]), content)


def _buy(turn: Turn, item: Json) -> None:
    try:
        stored = shipment_book.find(turn, item["reference_id"])
        item["record_id"] = stored.uuid
        errors = labels.buy(turn, stored, {}, synchronous=True)
    except Problem as problem:
        errors = problem.details
    stamp = iso_seconds(turn.now)
    item |= {"processing_errors": errors, "finished_at": stamp, "updated_at": stamp}
    item["state"] = "failed" if errors else "processed"
    turn.tx.put(ITEM, item["id"], item)


ACTIONS: dict[str, Action] = {RUNNING: run}


def list_batches(call: Call) -> Response:
    """GET /batches."""
    rows = call.tx.bodies(KIND)
    for name in ("state", "type"):
        if wanted := call.request.first(name):
            rows = [row for row in rows if row[name] == wanted]
    return listing(call, "batches", rows)


def view(call: Call) -> Response:
    """GET /batches/{batch_id}, with counts by state."""
    batch = found(call.tx.get(KIND, call.params["batch_id"]), "Batch")
    items = call.tx.children(ITEM, batch["id"])
    counts: dict[str, Any] = {
        f"{state}_count": sum(item["state"] == state for item in items) for state in STATES
    }
    return single(call, "batch", {**batch, "total_count": len(items), **counts})


def list_items(call: Call) -> Response:
    """GET /batches/{batch_id}/items."""
    batch = found(call.tx.get(KIND, call.params["batch_id"]), "Batch")
    return listing(call, "batch_items", call.tx.children(ITEM, batch["id"]))
