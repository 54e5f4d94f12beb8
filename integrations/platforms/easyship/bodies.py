"""What we send to Easyship. Pure; only Unsendable is raised. Facts: contract §5, §7."""

from datetime import UTC
from typing import Any

from integrations.platforms.easyship.addresses import (
    destination_body,
    origin_body,
    rate_destination_body,
    rate_origin_body,
)
from integrations.platforms.errors import Unsendable
from integrations.platforms.numbers import as_number, centimetres
from integrations.platforms.outbound import (
    Battery,
    CustomsItem,
    OutboundLine,
    OutboundOrder,
    ParcelSpec,
)

_DESCRIPTION_LENGTH = 200
PLATFORM_NAME = "Crossdock"
"""What our shipments are signed with there."""
_UNITS = {"weight": "g", "dimensions": "cm"}
# Said in every purchase: the defaults differ between the documents and the recordings (§7.2).
PRINTING = {"format": "pdf", "label": "4x6", "commercial_invoice": "A4", "packing_slip": "4x6"}
DOCUMENT_QUERY = {**PRINTING, "format": "PDF"}


def shipment_body(order: OutboundOrder) -> dict[str, Any]:
    """A new shipment without a label: buying is a second step, which can happen only once."""
    if order.origin.remote_id:
        origin: dict[str, Any] = {"origin_address_id": order.origin.remote_id}
    else:
        origin = {"origin_address": origin_body(order.origin.address)}
    return {
        **origin,
        "destination_address": destination_body(order.recipient, order.delivery_note),
        "metadata": {
            "crossdock_reference": order.reference.text,
            "crossdock_warehouse": order.origin.code,
        },
        "order_data": {
            "platform_name": PLATFORM_NAME,
            "platform_order_number": order.reference.text,
            "order_created_at": order.ordered_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "courier_settings": courier_settings(order),
        "shipping_settings": {"units": _UNITS, "buy_label": False, "printing_options": PRINTING},
        "parcels": [_parcel(order)],
    }


def recipient_body(order: OutboundOrder) -> dict[str, Any]:
    """Where it goes, said again; prices are made anew, so our service is said with it."""
    return {
        "destination_address": destination_body(order.recipient, order.delivery_note),
        "courier_settings": courier_settings(order),
    }


def rates_body(order: OutboundOrder) -> dict[str, Any]:
    """A question for prices; it takes addresses only, no ids of stored ones."""
    return {
        "origin_address": rate_origin_body(order.origin.address),
        "destination_address": rate_destination_body(order.recipient),
        "courier_settings": {"apply_shipping_rules": False},
        "shipping_settings": {"units": _UNITS},
        "parcels": [_parcel(order)],
    }


def courier_settings(order: OutboundOrder) -> dict[str, Any]:
    """Our service or none: neither a fallback nor the account's rules may replace the decision."""
    return {
        "courier_service_id": order.service.remote_id,
        "allow_fallback": False,
        "apply_shipping_rules": False,
    }


def label_body(order: OutboundOrder) -> dict[str, Any]:
    return {"courier_service_id": order.service.remote_id, "printing_options": PRINTING}


def label_update_body(order: OutboundOrder) -> dict[str, Any]:
    """The same purchase as an update, for accounts to which the label call is closed."""
    return {
        "courier_settings": courier_settings(order),
        "shipping_settings": {
            "buy_label": True,
            "buy_label_synchronous": True,
            "printing_options": PRINTING,
        },
    }


def _parcel(order: OutboundOrder) -> dict[str, Any]:
    return {
        "total_actual_weight": _weight(order.parcel.weight_grams, "the parcel"),
        "box": _box(order.parcel),
        "items": [_item(line, order.currency) for line in order.lines],
    }


def _box(parcel: ParcelSpec) -> dict[str, int | float]:
    if min(parcel.length_mm, parcel.width_mm, parcel.height_mm) <= 0:
        raise Unsendable("the parcel needs three dimensions above zero")
    return {
        "length": centimetres(parcel.length_mm),
        "width": centimetres(parcel.width_mm),
        "height": centimetres(parcel.height_mm),
    }


def _item(line: OutboundLine, currency: str) -> dict[str, Any]:
    customs = line.customs
    if customs.unit_value <= 0:
        raise Unsendable(f"SKU {line.sku} needs a value above zero for customs")
    item = {
        "description": (customs.description or line.sku)[:_DESCRIPTION_LENGTH],
        "sku": line.sku,
        "quantity": line.quantity,
        "actual_weight": _weight(line.weight_grams, f"SKU {line.sku}"),
        "declared_currency": currency,
        "declared_customs_value": as_number(customs.unit_value),
        **_class_of_goods(line.sku, customs),
    }
    if customs.origin_country:
        item["origin_country_alpha2"] = customs.origin_country
    return item


def _class_of_goods(sku: str, customs: CustomsItem) -> dict[str, Any]:
    """HS code or category: one of them is mandatory, also within a country (§7.1)."""
    code = "".join(character for character in customs.hs_code if character.isdigit())
    if not code and not customs.category:
        raise Unsendable(f"SKU {sku} has neither an HS code nor a category")
    if customs.battery not in (Battery.NONE, Battery.ION_IN_DEVICE):
        raise Unsendable(f"SKU {sku}: its battery ({customs.battery}) cannot be declared there")
    goods: dict[str, Any] = {"hs_code": code} if code else {"category": customs.category}
    return goods | {
        "contains_battery_pi966": False,
        "contains_battery_pi967": customs.battery is Battery.ION_IN_DEVICE,
        "contains_liquids": customs.has_liquids,
    }


def _weight(grams: int, what: str) -> int:
    if grams <= 0:
        raise Unsendable(f"{what} needs a weight above zero")
    return grams
