"""Easyship's tracking in our words. Pure. Facts: contract §6 (last paragraph), §9.1.

The official list of statuses is incomplete, so an unheard-of one is UNKNOWN with its words kept.
"""

from collections.abc import Mapping
from typing import Any

from integrations.platforms import reading
from integrations.platforms.remote import Journey, TrackingCode, TrackingEvent

_BY_CODE = {
    TrackingCode.ANNOUNCED: (
        "created",
        "label pending",
        "label ready",
        "label printed",
        "pending tracking event",
        "tracking info received",
    ),
    TrackingCode.AWAITING_COLLECTION: (
        "awaiting pickup at seller",
        "assigned pickup",
        "pickup scheduled",
        "awaiting pickup confirmation by courier",
        "pickup request failed",
    ),
    TrackingCode.COLLECTED: (
        "picked up at seller",
        "pickup complete",
        "drop-off complete",
        "handed over to courier",
        "order collected",
    ),
    TrackingCode.IN_TRANSIT: (
        "in transit to customer",
        "shipped",
        "shipped (no tracking provided)",
        "dispatched from sorting hub",
        "received at local fulfilment center",
        "in transit to consolidation center",
        "arrived at consolidation center",
        "processing at consolidation center",
    ),
    TrackingCode.OUT_FOR_DELIVERY: ("out for delivery",),
    TrackingCode.ATTEMPT_FAILED: ("failed delivery attempt",),
    TrackingCode.DELIVERED: ("delivered",),
    TrackingCode.EXCEPTION: ("exception", "label rejected", "liquidated", "incomplete"),
    TrackingCode.RETURNING: ("to be returned",),
    TrackingCode.RETURNED: ("returned to sender",),
    TrackingCode.LOST: ("lost by courier",),
    TrackingCode.EXPIRED: ("no recent tracking updates", "delivery expected (end of updates)"),
    TrackingCode.CANCELLED: (
        "cancelled",
        "cancelled by company",
        "cancelled by easyship",
        "cancelled (no stock)",
        "cancellation requested",
    ),
}
_CODES = {words: code for code, many in _BY_CODE.items() for words in many}


def code_of(status: str) -> TrackingCode:
    """Our code for a status; "Out For Delivery" and "Out for Delivery" are the same."""
    return _CODES.get(status.casefold(), TrackingCode.UNKNOWN)


def read_journeys(body: Any) -> dict[str, Journey]:
    """Journeys by shipment id; one without an id is left out."""
    envelope = reading.as_object(body, "The answer")
    reading.as_list(envelope.get("shipments"), "The trackings")
    journeys = (_journey(record) for record in reading.members(envelope, "shipments"))
    return {journey.shipment_id: journey for journey in journeys if journey.shipment_id}


def _journey(record: Mapping[str, Any]) -> Journey:
    status = reading.text(record, "status")
    numbers = (reading.text(leg, "tracking_number") for leg in reading.members(record, "trackings"))
    return Journey(
        shipment_id=reading.optional_identifier(record, "easyship_shipment_id"),
        code=code_of(status),
        words=status,
        events=_events(record),
        tracking_number=next(filter(None, numbers), ""),
        tracking_url=reading.text(record, "tracking_page_url"),
        expected_at=reading.moment(record, "eta_date"),
    )


def _events(record: Mapping[str, Any]) -> tuple[TrackingEvent, ...]:
    """Oldest first; `order_number` decides between scans of the same second."""
    found = [
        (event.at, reading.whole(checkpoint, "order_number") or 0, event)
        for checkpoint in reading.members(record, "checkpoints")
        if (event := _event(checkpoint))
    ]
    return tuple(event for *_, event in sorted(found, key=lambda each: each[:2]))


def _event(checkpoint: Mapping[str, Any]) -> TrackingEvent | None:
    at = reading.moment(checkpoint, "checkpoint_time")
    if at is None:
        return None
    status = reading.text(checkpoint, "primary_status")
    return TrackingEvent(
        at=at,
        code=code_of(status),
        words=reading.text(checkpoint, "message") or status,
        place=reading.text(checkpoint, "location") or _place(checkpoint),
    )


def _place(checkpoint: Mapping[str, Any]) -> str:
    parts = (reading.text(checkpoint, key) for key in ("city", "state", "country_name"))
    return ", ".join(filter(None, parts))
