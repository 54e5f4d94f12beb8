"""Webhook events in Easyship's words, queued for every webhook that wants them."""

import json

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

WEBHOOK = "easyship.webhook"


def queue(turn: Turn, event: str, resource: tuple[str, str], content: Json) -> None:
    """Queue one event, with dots in its name; resource: type and id."""
    registered = event.replace(".", "_")
    body = {
        "event_type": event,
        "resource_type": resource[0],
        "resource_id": resource[1],
        "data": content,
    }
    for webhook in turn.tx.bodies(WEBHOOK, "status = 'active'"):
        if registered in webhook["event_types"]:
            _queue_delivery(turn, webhook["id"], body)


def _queue_delivery(turn: Turn, webhook: str, body: Json) -> None:
    """One delivery, or two, or none, early or late, as the faults will have it."""
    key = f"{body['event_type']} {body['resource_id']}"

    def struck(name: str) -> float | None:
        fault = turn.faults.strike(name, "easyship", key)
        return fault.value if fault else None

    if struck("webhook-lost") is not None:
        return
    late = (struck("webhook-late") or 0.0) + (struck("webhook-reordered") or 0.0)
    if struck("webhook-forged") is not None:
        insert(turn, webhook, _falsified(body), turn.now, forged=True)
    insert(turn, webhook, body, turn.now + late)
    if struck("webhook-duplicate") is not None:
        insert(turn, webhook, body, turn.now + late + 0.5)


def _falsified(body: Json) -> Json:
    """The same event with a lie in it: whoever believes it sees a parcel delivered."""
    return {**body, "data": {**body["data"], "status": "Delivered", "tracking_number": "FORGED"}}


def insert(turn: Turn, webhook: str, body: Json, due: float, *, forged: bool = False) -> None:
    """Have one delivery made at that time."""
    turn.tx.run(
        "INSERT INTO delivery (due, webhook, event, resource, forged, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        due,
        webhook,
        body["event_type"],
        body["resource_id"],
        int(forged),
        json.dumps(body),
    )


def label_created(turn: Turn, stored: Stored, label_url: str) -> None:
    """Tell that a label is there."""
    content = {
        **_who(stored),
        "status": "success",
        "label_url": label_url,
        "tracking_number": stored.shipment["trackings"][0]["tracking_number"],
        "tracking_page_url": stored.shipment["tracking_page_url"],
    }
    queue(turn, "shipment.label.created", ("shipment", stored.id), content)


def label_failed(turn: Turn, stored: Stored) -> None:
    """Tell that a label could not be made, without a reason."""
    content = {**_who(stored), "status": "failed"}
    queue(turn, "shipment.label.failed", ("shipment", stored.id), content)


def cancelled(turn: Turn, stored: Stored) -> None:
    """Tell that a shipment was cancelled."""
    content = {**_who(stored), "status": "cancelled"}
    queue(turn, "shipment.cancelled", ("shipment", stored.id), content)


def status_changed(turn: Turn, stored: Stored, status: str) -> None:
    """Tell that a parcel has another status."""
    content = {**_journey(stored), "status": status}
    queue(turn, "shipment.tracking.status.changed", ("shipment", stored.id), content)


def checkpoint_created(turn: Turn, stored: Stored, checkpoint: Json, at: float) -> None:
    """Tell that a parcel passed a checkpoint; times in milliseconds here."""
    timed = {**checkpoint, "checkpoint_time": iso_milliseconds(at)}
    content = {**_journey(stored), "status": stored.status, "checkpoints": [timed]}
    queue(turn, "shipment.tracking.checkpoints.created", ("shipment", stored.id), content)


def _who(stored: Stored) -> Json:
    return {
        "easyship_shipment_id": stored.id,
        "platform_order_number": stored.reference or None,
    }


def _journey(stored: Stored) -> Json:
    shipment = stored.shipment
    return {
        **_who(stored),
        "origin": shipment["origin_address"]["country_alpha2"],
        "destination": shipment["destination_address"]["country_alpha2"],
        "company_order_number": stored.reference or None,
        "tracking_number": shipment["trackings"][0]["tracking_number"],
        "tracking_page_url": shipment["tracking_page_url"],
    }
