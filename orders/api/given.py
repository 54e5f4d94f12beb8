"""What clients send about orders, and what intake makes of it."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.fields import Code, KnownCode, Money, Name, StrictSerializer, Text, WholeNumber
from orders.intake.parsed import ParsedLine, ParsedOrder, Received, Recipient
from orders.models import Order, OrderLine
from warehouses.models import Carrier, CarrierService
from warehouses.services.checks import MAX_QUANTITY

MAX_BULK = 1_000
MAX_LINES = 500
MAX_NOTES = 10_000
MAX_TEXT = 500_000

_LENGTHS = {
    field.name: field.max_length
    for field in [*Order._meta.concrete_fields, *OrderLine._meta.concrete_fields]
    if field.max_length
}

_PLACE = ("company", "address_1", "address_2", "city", "state", "postal_code", "country")


def _text(name: str, **more: Any) -> Text:
    return Text(max_length=_LENGTHS[name], allow_blank=True, required=False, **more)


def _code(name: str, **more: Any) -> Code:
    return Code(max_length=_LENGTHS[name], allow_blank=True, required=False, **more)


class LineInput(StrictSerializer):
    sku = Name(max_length=_LENGTHS["sku"])
    quantity = WholeNumber(min_value=1, max_value=MAX_QUANTITY)
    unit_price = Money(
        required=False, allow_null=True, help_text="One piece, in the order's currency."
    )
    title = Text(max_length=_LENGTHS["title"], allow_blank=True, required=False)


class OrderFields(StrictSerializer):
    """What an order says of itself, whether it is new or changed."""

    recipient_name = _text("recipient_name")
    company = _text("company")
    phone = _text("phone")
    email = _text("email")
    address_1 = _text("address_1")
    address_2 = _text("address_2")
    city = _text("city")
    state = _text("state")
    postal_code = _text("postal_code")
    country = _code("country", help_text="ISO 3166-1 alpha-2, as in US.")
    currency = _code("currency", help_text="ISO 4217, as in USD.")
    shipping_method = _text("shipping_method", help_text="As the customer chose it.")
    wanted_warehouse_state = _code("wanted_warehouse_state", help_text="As in NV.")
    order_date = serializers.DateField(required=False, allow_null=True)
    promise_date = serializers.DateField(required=False, allow_null=True)
    notes = Text(max_length=MAX_NOTES, allow_blank=True, required=False)


class NewOrderInput(OrderFields):
    number = Name(max_length=_LENGTHS["number"], help_text="Yours; once for each source.")
    wanted_carrier = Name(
        max_length=100,
        allow_blank=True,
        required=False,
        help_text="A carrier or a service, by code or name.",
    )
    lines: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=LineInput(), required=False, max_length=MAX_LINES
    )


class NewOrderWithSourceInput(NewOrderInput):
    source = Name(  # type: ignore[assignment]  # hides what only serializers inside others have
        max_length=_LENGTHS["source"],
        required=False,
        help_text="For signed-in staff; manual by default. A token's orders have its own source.",
    )


class BulkInput(StrictSerializer):
    """Each order is judged by itself, so that one that is wrong does not stop the others."""

    source = Name(  # type: ignore[assignment]  # as above
        max_length=_LENGTHS["source"], required=False, help_text="As for one order."
    )
    orders = serializers.ListField(child=serializers.JSONField(allow_null=True), min_length=1)


class BulkSchema(StrictSerializer):
    """BulkInput as the schema shows it."""

    source = Name(  # type: ignore[assignment]  # as above
        max_length=_LENGTHS["source"], required=False
    )
    orders: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=NewOrderInput(), min_length=1, max_length=MAX_BULK
    )


class OrderChangesInput(OrderFields):
    wanted_carrier = KnownCode(queryset=Carrier.objects.all(), required=False, allow_null=True)
    wanted_service = KnownCode(
        queryset=CarrierService.objects.all(), required=False, allow_null=True
    )


class PasteInput(StrictSerializer):
    text = Text(trim_whitespace=False, allow_blank=True, max_length=MAX_TEXT)


def received_of(given: Mapping[str, Any], sent: Mapping[str, Any]) -> Received:
    """The order as intake knows it; `sent` is kept with it as its original text."""
    place = {name: given.get(name, "") for name in _PLACE}
    recipient = Recipient(name=given.get("recipient_name", ""), **place)
    order = ParsedOrder(
        number=given["number"],
        date=_iso(given.get("order_date")),
        promise_date=_iso(given.get("promise_date")),
        currency=given.get("currency", ""),
        shipping_method=given.get("shipping_method", ""),
        email=given.get("email", ""),
        phone=given.get("phone", ""),
        recipient=recipient,
        lines=[_line(line) for line in given.get("lines", [])],
        wanted_carrier=given.get("wanted_carrier", ""),
        wanted_state=given.get("wanted_warehouse_state", ""),
        notes=given.get("notes", ""),
        text=json.dumps(sent, ensure_ascii=False, indent=1),
    )
    return Received(order)


def _line(given: Mapping[str, Any]) -> ParsedLine:
    price = given.get("unit_price")
    return ParsedLine(
        sku=given["sku"],
        quantity=str(given["quantity"]),
        unit_price="" if price is None else str(price),
        title=given.get("title", ""),
    )


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
