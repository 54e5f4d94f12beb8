"""Easyship's shipments, read into our words. Pure; only Unintelligible is raised.

Facts: contract §2.1 (envelopes), §5 (units, money), §6 (states), §7.2 (shipment).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from integrations.platforms import reading
from integrations.platforms.easyship.documents import read_documents
from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import (
    Label,
    LabelState,
    Quote,
    RemoteLine,
    RemoteOrder,
    RemoteState,
)

_CANCELLED = {
    "cancelling": RemoteState.CANCELLING,
    "cancelled": RemoteState.CANCELLED,
    "discarded": RemoteState.CANCELLED,
    "deleted": RemoteState.CANCELLED,
}
_DELIVERY = {
    "": RemoteState.OPEN,
    "not_created": RemoteState.OPEN,
    "pending": RemoteState.OPEN,
    "info_received": RemoteState.OPEN,
    "in_transit_to_customer": RemoteState.SHIPPED,
    "out_for_delivery": RemoteState.SHIPPED,
    "failed_attempt": RemoteState.SHIPPED,
    "exception": RemoteState.SHIPPED,
    "expired": RemoteState.SHIPPED,
    "delivered": RemoteState.DELIVERED,
    "lost_by_courier": RemoteState.LOST,
    "returned_to_shipper": RemoteState.RETURNED,
}
_LABELS = {
    "": LabelState.NONE,
    "not_created": LabelState.NONE,
    "pending": LabelState.PENDING,
    "generating": LabelState.PENDING,
    "generated": LabelState.READY,
    "printed": LabelState.READY,
    "reported": LabelState.READY,
    "void_failed": LabelState.READY,
    "shipping_document_generated": LabelState.READY,
    "failed": LabelState.FAILED,
    "technical_failed": LabelState.FAILED,
    "voided": LabelState.VOIDED,
}


def read_single(body: Any) -> RemoteOrder:
    """The shipment in an envelope, with what `meta` says about a partial success."""
    envelope = reading.as_object(body, "The answer")
    shipment = reading.as_object(envelope.get("shipment"), "The shipment")
    return read_shipment(shipment, reading.sentences(reading.child(envelope, "meta").get("errors")))


def read_shipment(shipment: Mapping[str, Any], meta_errors: list[str] | None = None) -> RemoteOrder:
    """A shipment; `meta_errors` are the reasons given beside it."""
    failures = _failures(shipment, meta_errors or [])
    metadata = reading.child(shipment, "metadata")
    return RemoteOrder(
        remote_id=reading.identifier(shipment, "easyship_shipment_id", "The shipment"),
        reference=reading.text(reading.child(shipment, "order_data"), "platform_order_number")
        or reading.text(metadata, "crossdock_reference"),
        state=_state(shipment),
        words=" / ".join(filter(None, (reading.text(shipment, key) for key in _STATE_KEYS))),
        recipient=_address(shipment, "destination_address"),
        origin=_address(shipment, "origin_address"),
        lines=_lines(shipment),
        currency=reading.text(shipment, "currency"),
        service_remote_id=_service_id(shipment),
        store=reading.text(reading.child(shipment, "order_data"), "platform_name"),
        label=read_label(shipment, failures),
        created_at=reading.moment(shipment, "created_at"),
        updated_at=reading.moment(shipment, "updated_at"),
        remarks=failures,
    )


_STATE_KEYS = ("shipment_state", "label_state", "delivery_state")


def read_label(shipment: Mapping[str, Any], failures: tuple[str, ...]) -> Label | None:
    """The label, whatever its state; None while none was asked for."""
    words = reading.text(shipment, "label_state")
    state = _LABELS.get(words, LabelState.PENDING)
    if state is LabelState.NONE:
        return None
    quote = quote_for(shipment, _service_id(shipment))
    failed = "; ".join(failures) or words
    return Label(
        shipment_id=reading.identifier(shipment, "easyship_shipment_id", "The shipment"),
        state=state,
        carrier=_carrier(shipment),
        tracking_number=_tracking_number(shipment),
        tracking_url=reading.text(shipment, "tracking_page_url"),
        cost=quote.total if quote else None,
        currency=quote.currency if quote else "",
        failure=failed if state is LabelState.FAILED else "",
        documents=read_documents(shipment),
    )


def read_rates(body: Any) -> tuple[Quote, ...]:
    """The answer to a question for prices, cheapest first."""
    listed = reading.as_list(reading.as_object(body, "The answer").get("rates"), "The rates")
    quotes = (_quote(rate) for rate in listed if isinstance(rate, Mapping))
    return tuple(sorted(filter(None, quotes), key=lambda quote: quote.total))


def quote_for(shipment: Mapping[str, Any], service_id: str) -> Quote | None:
    """The shipment's own price for a service."""
    quotes = filter(None, map(_quote, reading.members(shipment, "rates")))
    return next((quote for quote in quotes if quote.service_remote_id == service_id), None)


def read_reasons(body: Any) -> dict[str, str]:
    """Why each service cannot be used, by its id and by its name."""
    envelope = reading.as_object(body, "The answer")
    reasons: dict[str, str] = {}
    for courier in reading.members(envelope, "unavailable_couriers"):
        for key in ("id", "name"):
            reasons[reading.text(courier, key)] = reading.text(courier, "message")
    return reasons


def _quote(rate: Mapping[str, Any]) -> Quote | None:
    service = reading.child(rate, "courier_service")
    service_id = reading.optional_identifier(service, "id")
    total = reading.decimal(rate, "total_charge")
    if not service_id or total is None:
        return None
    return Quote(
        service_remote_id=service_id,
        carrier=reading.carrier_code(reading.first_text(service, "umbrella_name", "name")),
        service_name=reading.text(service, "name"),
        total=total,
        currency=reading.text(rate, "currency"),
        min_days=reading.whole(rate, "min_delivery_time"),
        max_days=reading.whole(rate, "max_delivery_time"),
    )


def _state(shipment: Mapping[str, Any]) -> RemoteState:
    over = _CANCELLED.get(reading.text(shipment, "shipment_state"))
    if over:
        return over
    return _DELIVERY.get(reading.text(shipment, "delivery_state"), RemoteState.UNKNOWN)


def _failures(shipment: Mapping[str, Any], meta_errors: list[str]) -> tuple[str, ...]:
    messages = reading.members(shipment, "last_failure_http_response_messages")
    said = [reading.text(message, "content") for message in messages]
    return tuple(dict.fromkeys(text for text in (*meta_errors, *said) if text))


def _service_id(shipment: Mapping[str, Any]) -> str:
    return reading.optional_identifier(reading.child(shipment, "courier_service"), "id")


def _carrier(shipment: Mapping[str, Any]) -> str:
    service = reading.child(shipment, "courier_service")
    handlers = (reading.text(each, "handler") for each in reading.members(shipment, "trackings"))
    words = reading.first_text(service, "umbrella_name", "name") or next(handlers, "")
    return reading.carrier_code(words)


def _tracking_number(shipment: Mapping[str, Any]) -> str:
    """The first leg's number; some multi-parcel shipments have it on the parcel only."""
    places = (*reading.members(shipment, "trackings"), *reading.members(shipment, "parcels"))
    numbers = (reading.text(each, "tracking_number") for each in places)
    return next(filter(None, numbers), "")


def _lines(shipment: Mapping[str, Any]) -> tuple[RemoteLine, ...]:
    return tuple(
        RemoteLine(
            sku=reading.text(item, "sku"),
            quantity=reading.whole(item, "quantity"),
            unit_price=_value(item),
        )
        for parcel in reading.members(shipment, "parcels")
        for item in reading.members(parcel, "items")
    )


def _value(item: Mapping[str, Any]) -> Decimal | None:
    return reading.decimal(item, "declared_customs_value")


def _address(shipment: Mapping[str, Any], key: str) -> AddressValue | None:
    record = reading.child(shipment, key)
    return read_address(record) if record else None


def read_address(record: Mapping[str, Any]) -> AddressValue:
    return AddressValue(
        name=reading.text(record, "contact_name"),
        company=reading.text(record, "company_name"),
        line_1=reading.text(record, "line_1"),
        line_2=reading.text(record, "line_2"),
        city=reading.text(record, "city"),
        state=reading.text(record, "state"),
        postal_code=reading.text(record, "postal_code"),
        country=reading.text(record, "country_alpha2"),
        phone=reading.text(record, "contact_phone"),
        email=reading.text(record, "contact_email"),
    )
