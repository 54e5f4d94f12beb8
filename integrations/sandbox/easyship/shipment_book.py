"""Stored shipments: found, created, saved, and shown as answers show them."""

from typing import Any

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship.answers import missing
from integrations.sandbox.easyship.documents import documents_of
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

KIND = "easyship.shipment"
TRACKING_PAGE = "https://www.trackmyshipment.co/shipment-tracking"


def find(turn: Turn, number: str) -> Stored:
    """The shipment, or Easyship's 404; a deleted one is gone."""
    return seek(turn, number) or missing("Shipment")


def seek(turn: Turn, number: str) -> Stored | None:
    """The shipment, None if there is none or it was deleted."""
    document = turn.tx.document(KIND, number)
    if document is None or document.status == "deleted":
        return None
    return Stored(**document.body)


def save(turn: Turn, stored: Stored) -> None:
    """Save a shipment with a new time of change."""
    stored.shipment["updated_at"] = iso_seconds(turn.now)
    turn.tx.put(
        KIND,
        stored.id,
        stored.__dict__,
        status=stored.shipment["shipment_state"],
        reference=stored.reference,
        parent=stored.tracking_id,
    )


def new(turn: Turn, content: Json, rates: list[Json], service: Json | None) -> Stored:
    """Store a new shipment with its rates and chosen service."""
    country = content["destination_address"]["country_alpha2"]
    number = f"ES{country}{turn.ids.number(KIND, 10006001)}"
    stamp = iso_seconds(turn.now)
    shipment = {
        **content,
        "easyship_shipment_id": number,
        "courier_service": service,
        "rates": rates,
        "currency": turn.world.account.currency,
        "created_at": stamp,
        "updated_at": stamp,
        "label_paid_at": None,
        "label_generated_at": None,
        "shipment_state": "created",
        "label_state": "not_created",
        "delivery_state": "not_created",
        "pickup_state": "not_requested",
        "warehouse_state": "none",
        "trackings": [],
        "tracking_page_url": f"{TRACKING_PAGE}/{number}",
        "last_failure_http_response_messages": [],
    }
    stored = Stored(shipment, turn.ids.uuid())
    turn.tx.add(KIND, number, stored.__dict__, status="created", reference=stored.reference)
    return stored


def render(turn: Turn, stored: Stored, printing: Json | None = None) -> Json:
    """The shipment as an answer shows it, its documents in the form asked for."""
    documents = documents_of(turn, stored, printing or stored.printing)
    shown: Json = {**stored.shipment, "shipping_documents": documents}
    return shown


def chosen_rate(stored: Stored) -> Json | None:
    """The rate of the service the shipment is to go with."""
    service: Any = stored.shipment["courier_service"] or {}
    rates = stored.shipment["rates"]
    return next((r for r in rates if r["courier_service"]["id"] == service.get("id")), None)
