"""What we send to Veeqo. Pure; only Unsendable is raised. Facts: contract §4.3, §12, §16.1."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from integrations.platforms.errors import Unsendable
from integrations.platforms.numbers import centimetres
from integrations.platforms.outbound import AddressValue, OutboundOrder, ParcelSpec
from integrations.platforms.veeqo.answers import Package

# Any payment keeps an order out of `awaiting_payment`; the customer paid us elsewhere.
PAYMENT_TYPE = "bank_transfer"
_CM_PER = {"cm": Decimal(1), "inches": Decimal("2.54"), "in": Decimal("2.54")}
_GRAMS_PER = {"g": Decimal(1), "oz": Decimal("28.349523125")}


def number_of(remote_id: str) -> int:
    """Veeqo's ids are numbers. Raises Unsendable."""
    if not (remote_id.isascii() and remote_id.isdigit() and len(remote_id) <= 18):
        raise Unsendable(f"{remote_id[:40]!r} is not one of Veeqo's ids")
    return int(remote_id)


def order_body(
    order: OutboundOrder,
    sellable_ids: Mapping[str, str],
    *,
    channel_id: str,
    delivery_method_id: str,
    customer_id: str,
) -> dict[str, Any]:
    """A new order; `sellable_ids` by SKU, `customer_id` and `delivery_method_id` may be ""."""
    body: dict[str, Any] = {
        "channel_id": number_of(channel_id),
        "number": order.reference.text,
        "send_notification_email": False,
        "deliver_to_attributes": address_body(order.recipient),
        "line_items_attributes": [
            {
                "sellable_id": number_of(sellable_ids[line.sku]),
                "price_per_unit": format(line.unit_price, "f"),
                "quantity": line.quantity,
            }
            for line in order.lines
        ],
        "payment_attributes": {
            "payment_type": PAYMENT_TYPE,
            "reference_number": order.reference.text,
        },
    }
    return {"order": body | _customer(order, customer_id) | _extras(order, delivery_method_id)}


def address_body(address: AddressValue) -> dict[str, str]:
    """Veeqo wants first and last name apart; the last word is the last name."""
    first, _, last = " ".join(address.name.split()).rpartition(" ")
    return {
        "first_name": first or last,
        "last_name": last if first else "",
        "company": address.company,
        "address1": address.line_1,
        "address2": address.line_2,
        "city": address.city,
        "state": address.state,
        "zip": address.postal_code,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
    }


def allocation_body(warehouse_id: str, units: Mapping[str, int]) -> dict[str, Any]:
    """All units of an order at one warehouse; unwrapped, as the update wants it."""
    return {
        "warehouse_id": number_of(warehouse_id),
        "line_items_attributes": [
            {"sellable_id": number_of(sellable_id), "quantity": quantity}
            for sellable_id, quantity in units.items()
        ],
    }


def package_body(parcel: ParcelSpec) -> dict[str, Any]:
    """The parcel of an allocation; `depth` is the length, weights are oz or g only."""
    _require_size(parcel)
    return {
        "allocation_package": {
            "weight": parcel.weight_grams,
            "weight_unit": "g",
            "depth": centimetres(parcel.length_mm),
            "width": centimetres(parcel.width_mm),
            "height": centimetres(parcel.height_mm),
            "dimensions_unit": "cm",
            "package_provider": "CUSTOM",
            "package_selection_source": "ONE_OFF",
            # True can keep the change from sticking (contract §12.1).
            "save_for_similar_shipments": False,
        }
    }


def is_package(package: Package | None, parcel: ParcelSpec) -> bool:
    """Whether the stored package is our parcel, to a gram and a millimetre."""
    if package is None:
        return False
    grams = _GRAMS_PER.get(package.weight_unit)
    cm = _CM_PER.get(package.dimensions_unit)
    pairs = (
        (package.weight, grams, Decimal(parcel.weight_grams), Decimal(1)),
        (package.depth, cm, Decimal(parcel.length_mm) / 10, Decimal("0.1")),
        (package.width, cm, Decimal(parcel.width_mm) / 10, Decimal("0.1")),
        (package.height, cm, Decimal(parcel.height_mm) / 10, Decimal("0.1")),
    )
    return all(
        theirs is not None and unit is not None and abs(theirs * unit - ours) <= slack
        for theirs, unit, ours, slack in pairs
    )


def payment_body(remote_id: str, reference: str, amount: int | float) -> dict[str, Any]:
    return {
        "payment_attributes": {
            "payment_type": PAYMENT_TYPE,
            "order_id": number_of(remote_id),
            "reference_number": reference,
        },
        "amount": amount,
    }


def rates_body(
    sender: AddressValue, recipient: AddressValue, parcel: ParcelSpec, reference: str
) -> dict[str, Any]:
    """A question to the Rate Shopping API, which needs no order."""
    _require_size(parcel)
    return {
        "from_address": _shopping_address(sender),
        "to_address": _shopping_address(recipient),
        "parcels": [
            {
                "weight": parcel.weight_grams,
                "weight_unit": "g",
                "length": centimetres(parcel.length_mm),
                "width": centimetres(parcel.width_mm),
                "height": centimetres(parcel.height_mm),
                "dimension_unit": "cm",
            }
        ],
        # Calls without it fail validation (contract §16.1).
        "customer_reference": reference,
    }


def _shopping_address(address: AddressValue) -> dict[str, str]:
    """Here a city is a town, a state a county (contract §16.1)."""
    return {
        "name": address.name,
        "company": address.company,
        "phone": address.phone,
        "email": address.email,
        "line1": address.line_1,
        "line2": address.line_2,
        "town": address.city,
        "county": address.state,
        "postcode": address.postal_code,
        "country_code": address.country,
    }


def _customer(order: OutboundOrder, customer_id: str) -> dict[str, Any]:
    if customer_id:
        return {"customer_id": number_of(customer_id)}
    recipient = order.recipient
    return {
        "customer_attributes": {
            "email": recipient.email,
            "phone": recipient.phone,
            "billing_address_attributes": address_body(recipient),
        }
    }


def _extras(order: OutboundOrder, delivery_method_id: str) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if delivery_method_id:
        extras["delivery_method_id"] = number_of(delivery_method_id)
    if order.promised_on:
        extras["due_date"] = order.promised_on.strftime("%d/%m/%Y")
    if order.delivery_note:
        extras["customer_note_attributes"] = {"text": order.delivery_note}
    return extras


def _require_size(parcel: ParcelSpec) -> None:
    sizes = (parcel.weight_grams, parcel.length_mm, parcel.width_mm, parcel.height_mm)
    if min(sizes) <= 0:
        raise Unsendable("the parcel needs a weight and three dimensions above zero")
