"""A bought label's way, in Veeqo's words."""

from integrations.sandbox.clock import iso_milliseconds, iso_offset
from integrations.sandbox.journeys import FINAL_STEPS, Stage, Step
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import order_book
from integrations.sandbox.veeqo.allocation_view import SHIPMENT
from integrations.sandbox.veeqo.answers import found, ok

STATUSES = {
    Step.INFO_RECEIVED: "awaiting_collection",
    Step.COLLECTED: "collected",
    Step.IN_TRANSIT: "in_transit",
    Step.OUT_FOR_DELIVERY: "out_for_delivery",
    Step.FAILED_ATTEMPT: "attempted_delivery",
    Step.EXCEPTION: "delayed",
    Step.DELIVERED: "delivered",
    Step.RETURNED: "returned_to_sender",
    Step.LOST: "contact_support",
}
"""Those beyond the four documented ones follow the names of the tracking number's times."""


def list_events(call: Call) -> Response:
    """GET /shipping/tracking_events/{shipment_id}."""
    return ok(found(call.tx.get(SHIPMENT, call.params["shipment_id"]))["events"])


def report(turn: Turn, shipment_number: str, stage: Stage, at: float) -> bool:
    """Note a stage reached; False when the parcel travels no more."""
    document = turn.tx.document(SHIPMENT, shipment_number)
    if document is None or document.status != "live":
        return False
    shipment = document.body
    _note(shipment, stage, at)
    turn.tx.put(SHIPMENT, shipment["id"], shipment)
    order_book.touch(turn, shipment["order_id"])
    return stage.step not in FINAL_STEPS


def _note(shipment: Json, stage: Stage, at: float) -> None:
    status = STATUSES[stage.step]
    shipment["status"] = status
    shipment["updated_at"] = iso_milliseconds(at)
    shipment["times"].setdefault(f"{status}_at", iso_milliseconds(at))
    shipment["events"].append(
        {
            "timestamp": iso_offset(at),
            "description": stage.text,
            "detail": None,
            "location": str(stage.place),
            "status": status,
        }
    )
