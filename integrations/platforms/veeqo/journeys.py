"""Veeqo's tracking events in our words. Pure. Facts: contract §15.4, names of §3.11."""

from collections.abc import Mapping
from typing import Any

from integrations.platforms import reading
from integrations.platforms.remote import Journey, TrackingCode, TrackingEvent

_CODES = {
    "created": TrackingCode.ANNOUNCED,
    "awaiting_collection": TrackingCode.AWAITING_COLLECTION,
    "awaiting_drop_off": TrackingCode.AWAITING_COLLECTION,
    "collected": TrackingCode.COLLECTED,
    "in_transit": TrackingCode.IN_TRANSIT,
    "in_clearance": TrackingCode.IN_TRANSIT,
    "out_for_delivery": TrackingCode.OUT_FOR_DELIVERY,
    "attempted_delivery": TrackingCode.ATTEMPT_FAILED,
    "collect_from_depot": TrackingCode.READY_FOR_PICKUP,
    "notified_recipient": TrackingCode.READY_FOR_PICKUP,
    "delayed": TrackingCode.DELAYED,
    "delivered": TrackingCode.DELIVERED,
    "delivered_to_secure_location": TrackingCode.DELIVERED,
    "cancelled": TrackingCode.CANCELLED,
    "contact_support": TrackingCode.EXCEPTION,
    "recipient_refused": TrackingCode.EXCEPTION,
    "returned_to_sender": TrackingCode.RETURNED,
}


def read_journey(shipment_id: str, body: Any) -> Journey:
    """The way of one parcel, events oldest first; an event without a time is left out."""
    listed = reading.as_list(body, "The tracking events")
    read = (_event(each) for each in listed if isinstance(each, Mapping))
    events = tuple(sorted((event for event in read if event), key=lambda event: event.at))
    last = events[-1] if events else None
    return Journey(
        shipment_id=shipment_id,
        code=last.code if last else TrackingCode.UNKNOWN,
        words=last.words if last else "",
        events=events,
    )


def _event(record: Mapping[str, Any]) -> TrackingEvent | None:
    at = reading.moment(record, "timestamp")
    if at is None:
        return None
    status = reading.text(record, "status")
    detail = reading.text(record, "detail")
    words = reading.text(record, "description") or status
    return TrackingEvent(
        at=at,
        code=_CODES.get(status, TrackingCode.UNKNOWN),
        words=f"{words}: {detail}" if detail else words,
        place=reading.text(record, "location"),
    )
