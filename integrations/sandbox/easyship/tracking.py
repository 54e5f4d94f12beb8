"""Where parcels are: the account's shipments, and trackings of labels bought elsewhere."""

from integrations.sandbox.clock import iso_seconds, parse
from integrations.sandbox.easyship import events, shipment_book
from integrations.sandbox.easyship.answers import (
    Problem,
    envelope,
    fail,
    listing,
    missing,
    select_window,
    single,
    success,
)
from integrations.sandbox.easyship.reference import ISO3, NAMES
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.journeys import FINAL_STEPS, Place, Stage, Step
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Call, Turn

EXTERNAL = "easyship.tracking"
DELIVERY_STATES = {
    Step.INFO_RECEIVED: "info_received",
    Step.COLLECTED: "in_transit_to_customer",
    Step.IN_TRANSIT: "in_transit_to_customer",
    Step.OUT_FOR_DELIVERY: "out_for_delivery",
    Step.FAILED_ATTEMPT: "failed_attempt",
    Step.EXCEPTION: "exception",
    Step.DELIVERED: "delivered",
    Step.RETURNED: "returned_to_shipper",
    Step.LOST: "lost_by_courier",
}
STATUSES = {
    "info_received": "Tracking Info Received",
    "in_transit_to_customer": "In Transit to Customer",
    "out_for_delivery": "Out for Delivery",
    "failed_attempt": "Failed Delivery Attempt",
    "exception": "Exception",
    "delivered": "Delivered",
    "returned_to_shipper": "Returned To Sender",
    "lost_by_courier": "Lost by Courier",
}
WEBHOOK_STATUSES = {**STATUSES, "returned_to_shipper": "To be returned", "info_received": ""}
"""The guide lists no status of webhooks for received information."""
PRIMARY_STATUSES = {
    **STATUSES,
    "out_for_delivery": "Out For Delivery",
    "returned_to_shipper": "Exception",
    "lost_by_courier": "Exception",
}
SLUGS = {
    "in_transit_to_customer": Step.IN_TRANSIT,
    "out_for_delivery": Step.OUT_FOR_DELIVERY,
    "failed_attempt": Step.FAILED_ATTEMPT,
    "delivered": Step.DELIVERED,
    "exception": Step.EXCEPTION,
}


def report(turn: Turn, shipment_id: str, stage: Stage, at: float) -> bool:
    """Note a stage reached and tell the webhooks; False when the parcel travels no more."""
    document = turn.tx.document(shipment_book.KIND, shipment_id)
    if document is None or document.status != "created":
        return False
    stored = Stored(**document.body)
    reach(turn, stored, stage, at)
    return stage.step not in FINAL_STEPS


def reach(turn: Turn, stored: Stored, stage: Stage, at: float) -> None:
    """Note a stage of a shipment and tell the webhooks."""
    shipment = stored.shipment
    state = DELIVERY_STATES[stage.step]
    changed = shipment["delivery_state"] != state
    checkpoint = _checkpoint(stored, stage, state, at)
    stored.checkpoints.append(checkpoint)
    shipment["delivery_state"] = state
    stored.status = STATUSES[state]
    if stage.step in FINAL_STEPS:
        shipment["trackings"][0]["tracking_state"] = "completed"
    shipment_book.save(turn, stored)
    events.checkpoint_created(turn, stored, checkpoint, at)
    if changed and WEBHOOK_STATUSES[state]:
        events.status_changed(turn, stored, WEBHOOK_STATUSES[state])


def _checkpoint(stored: Stored, stage: Stage, state: str, at: float) -> Json:
    country = stage.place.country
    return {
        "order_number": 10 * (len(stored.checkpoints) + 1),
        "handler": stored.shipment["trackings"][0]["handler"],
        "message": stage.text,
        "location": str(stage.place),
        "city": stage.place.city,
        "country_name": NAMES.get(country, country),
        "country_iso3": ISO3.get(country, country),
        "state": stage.place.state or None,
        "postal_code": None,
        "checkpoint_time": iso_seconds(at),
        "primary_status": PRIMARY_STATUSES[state],
    }


def list_shipment_trackings(call: Call) -> Response:
    """GET /shipments/trackings."""
    where, values = ["status != 'deleted'"], []
    for name, column in (("easyship_shipment_id", "id"), ("platform_order_number", "reference")):
        if wanted := call.request.listed(name):
            where.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    clause = " AND ".join(where)
    documents, more = select_window(call, shipment_book.KIND, clause, values)
    with_checkpoints = call.request.first("include_checkpoints") == "true"
    rows = [_row(Stored(**document.body), with_checkpoints) for document in documents]
    count = call.tx.count(shipment_book.KIND, clause, values)
    return envelope(call, "shipments", rows, more=more, count=count)


def _row(stored: Stored, with_checkpoints: bool) -> Json:
    shipment = stored.shipment
    return {
        "easyship_shipment_id": stored.id,
        "platform_order_number": stored.reference or None,
        "origin_country_alpha2": shipment["origin_address"]["country_alpha2"],
        "destination_country_alpha2": shipment["destination_address"]["country_alpha2"],
        "status": stored.status,
        "tracking_page_url": shipment["tracking_page_url"],
        "eta_date": _eta(stored),
        "trackings": shipment["trackings"],
        "checkpoints": stored.checkpoints if with_checkpoints else None,
    }


def _eta(stored: Stored) -> str | None:
    rate = shipment_book.chosen_rate(stored)
    paid = parse(stored.shipment["label_generated_at"] or "")
    if rate is None or paid is None:
        return None
    return iso_seconds(paid + rate["max_delivery_time"] * 86400)


def list_trackings(call: Call) -> Response:
    """Own and external trackings together, newest first."""
    rows = [
        _tracking(document)
        for document in sorted(
            [
                *call.tx.select(shipment_book.KIND, "parent != ''"),
                *call.tx.select(EXTERNAL),
            ],
            key=lambda document: -document.seq,
        )
    ]
    for name in (
        "origin_country_alpha2",
        "destination_country_alpha2",
        "source",
        "tracking_state",
    ):
        if wanted := call.request.first(name):
            rows = [row for row in rows if row.get(name) == wanted]
    return listing(call, "trackings", rows)


def _tracking(document: Document) -> Json:
    """A tracking as shown, of a shipment or of an external label."""
    if "shipment" not in document.body:
        return document.body
    stored = Stored(**document.body)
    row = _row(stored, with_checkpoints=False)
    service, number = stored.shipment["courier_service"], stored.shipment["trackings"][0]
    return {
        **{name: value for name, value in row.items() if name not in ("trackings", "checkpoints")},
        "id": stored.tracking_id,
        "tracking_number": number["tracking_number"],
        "source": "easyship",
        "courier_service": {"id": service["id"], "umbrella_name": service["umbrella_name"]},
        "tracking_state": number["tracking_state"],
    }


def _find(call: Call) -> Document:
    wanted = call.params["tracking_id"]
    rows = call.tx.select(shipment_book.KIND, "parent = ?", [wanted])
    return rows[0] if rows else call.tx.document(EXTERNAL, wanted) or missing("Tracking")


def view(call: Call) -> Response:
    """GET /trackings/{tracking_id}."""
    return single(call, "tracking", _tracking(_find(call)))


def create(call: Call) -> Response:
    """Follow a label bought elsewhere; it moves only by the sandbox's own PATCH."""
    given = call.body
    name = given.get("courier_service_name")
    if not (given.get("courier_service_id") or name):
        raise Problem("invalid_content", ["courier_service can't be blank"])
    destination = (given.get("destination_address") or {}).get("country_alpha2") or "US"
    number = f"ES{destination}{call.turn.ids.number(shipment_book.KIND, 10006001)}"
    tracking = {
        "id": call.turn.ids.uuid(),
        "tracking_number": given["tracking_number"],
        "source": "external",
        "courier_service": {
            "id": given.get("courier_service_id") or "",
            "umbrella_name": name or "",
        },
        "easyship_shipment_id": number,
        "platform_order_number": given.get("platform_order_number"),
        "origin_country_alpha2": (given.get("origin_address") or {}).get("country_alpha2", "US"),
        "destination_country_alpha2": destination,
        "tracking_state": "active",
        "status": "Pending Tracking Event",
        "tracking_page_url": f"{shipment_book.TRACKING_PAGE}/{number}",
        "eta_date": None,
    }
    call.tx.add(EXTERNAL, tracking["id"], tracking, reference=given["tracking_number"])
    return single(call, "tracking", tracking, 201)


def delete(call: Call) -> Response:
    """DELETE /trackings/{tracking_id}, external ones only."""
    if call.tx.get(EXTERNAL, call.params["tracking_id"]) is None:
        missing("Tracking")
    call.tx.remove(EXTERNAL, call.params["tracking_id"])
    return success(call, "Tracking successfully deleted")


def update_by_hand(call: Call) -> Response:
    """The PATCH that only Easyship's own sandbox has."""
    slug = call.body.get("status_slug")
    document = _find(call)
    if slug is None:
        fail("invalid_content", "Failed to update tracking")
    if "shipment" in document.body:
        stored = Stored(**document.body)
        address = stored.shipment["destination_address"]
        place = Place(address["city"], address["state"] or "", address["country_alpha2"])
        reach(call.turn, stored, Stage(0, SLUGS[slug], place, STATUSES[slug]), call.now)
    else:
        state = "completed" if slug == "delivered" else "active"
        changed = {**document.body, "status": STATUSES[slug], "tracking_state": state}
        call.tx.put(EXTERNAL, document.id, changed)
    return single(call, "tracking", _tracking(_find(call)))
