"""Rates of one allocation: quotes that expire, each with the options it must be bought with."""

import json
from datetime import timedelta
from decimal import Decimal

from integrations.sandbox.clock import DAY, HOUR, iso_milliseconds, iso_offset, moment
from integrations.sandbox.messages import Json, Refused, Response, json_response
from integrations.sandbox.pricing import Trip, price, transit_days, unfit_reason
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo import order_book, warehouses
from integrations.sandbox.veeqo.allocation_view import live_shipment
from integrations.sandbox.veeqo.allocations import SHIPPED, find
from integrations.sandbox.veeqo.answers import found, ok, refuse
from integrations.sandbox.veeqo.catalogue import GRAMS_PER_UNIT
from integrations.sandbox.world import Offer

CARRIER_CODE = "amazon_shipping_v2"
CONFIRMATION = "value_added_service__VAS_GROUP_ID_CONFIRMATION"
SIGNATURE = "SIGNATURE_CONFIRMATION"
SIGNATURE_PRICE = Decimal("5.90")
OPTIONLESS_CARRIERS = ("FEDEX",)
"""Their rates come with null options and are refused when bought with any."""
CHOICES = {
    "USPS": [("DELIVERY_CONFIRMATION", "Delivery confirmation", Decimal(0))],
    "": [
        ("NO_CONFIRMATION", "No confirmation", Decimal(0)),
        (SIGNATURE, "Signature confirmation", SIGNATURE_PRICE),
    ],
}


def list_rates(call: Call) -> Response:
    """Quote every service for the allocation's package, and remember the quotes."""
    allocation = find(call, call.params["allocation_id"])
    if call.request.first("from_allocation_package") != "true":
        refuse(400, "from_allocation_package must be true")
    trip = _trip(call, allocation)
    parcel = parcel_number(allocation)
    offers = call.turn.world.offers("veeqo")
    reasons = {offer.code: unfit_reason(offer, trip) for offer in offers}
    available = [
        _quote(call, allocation, offer, trip) for offer in offers if not reasons[offer.code]
    ]
    order_book.save_allocation(call.turn, allocation)
    unavailable = []
    if call.request.first("format_with_unavailable_quotes") == "true":
        unavailable = [_unavailable(o, parcel, reasons[o.code]) for o in offers if reasons[o.code]]
    return ok({"available": available, "unavailable": unavailable, "linked_accounts": []})


def parcel_number(allocation: Json) -> str:
    """remote_shipment_id: the same for every rate of one parcel; it names no rate."""
    return f"prb{allocation['id']:x}{allocation['package']['similarity_key']}"


def _trip(call: Call, allocation: Json) -> Trip:
    """The parcel's way and weight, or the refusal Veeqo has for what is missing."""
    order = order_book.find(call.turn, allocation["order_id"]).body
    if live_shipment(call.turn, allocation["id"]):
        refuse(400, SHIPPED)
    if order.get("cancelled_at"):
        refuse(400, "This order is cancelled")
    address = order["deliver_to"]
    if not (address["address1"] and address["country"]):
        refuse(400, "Order must have a destination address.")
    package = allocation["package"]
    if not package:
        _refuse_weightless()
    warehouse = found(call.tx.get(warehouses.KIND, allocation["warehouse_id"]))
    return Trip(
        origin_zip=warehouse["post_code"] or "",
        origin_country=warehouse["country"] or "",
        destination_zip=address["zip"] or "",
        destination_country=address["country"],
        weight_grams=package["weight"] * GRAMS_PER_UNIT[package["weight_unit"]],
    )


def _refuse_weightless() -> None:
    """The rates object with an upstream error as JSON inside a string, as documented."""
    problem = {
        "message": "Validation failed",
        "errors": [
            {
                "resource": "Parcel",
                "field": "weight",
                "message": "Parcel weight must be greater than 0",
                "code": "parcel.weight_invalid",
            }
        ],
    }
    content = {
        "available": [],
        "unavailable": [],
        "linked_accounts": [],
        "hazmat": None,
        "error_messages": [json.dumps(problem)],
    }
    raise Refused(json_response(400, content))


def _quote(call: Call, allocation: Json, offer: Offer, trip: Trip) -> Json:
    """One rate, remembered by its name until it expires."""
    dear = call.turn.faults.strike("dear", "veeqo", f"{allocation['id']} {offer.code}")
    charge = price(offer, trip, dear.value if dear else 1.0)
    name = f"{CARRIER_CODE}-{call.turn.ids.uuid()}"
    live = {n: q for n, q in allocation["quotes"].items() if q["expires"] > call.now}
    days = transit_days(offer, trip)
    allocation["quotes"] = live | {
        name: {
            "code": offer.code,
            "charge": str(charge),
            "expires": call.now + call.turn.options.quote_seconds,
            "days": days,
        }
    }
    return {
        **_identity(offer, name),
        **_charges(offer, charge),
        **_times(call, days),
        "weight": f"{trip.weight_grams:.3f}",
        "remote_shipment_id": parcel_number(allocation),
        "shipping_service_options": service_options(offer),
    }


def _identity(offer: Offer, name: str) -> Json:
    specification = {
        "format": "PNG",
        "size": {"length": 6, "width": 4, "unit": "INCH"},
        "printOptions": [],
    }
    return {
        "carrier": CARRIER_CODE,
        "name": name,
        "title": offer.name,
        "short_title": offer.name,
        "sub_carrier_id": offer.carrier.upper(),
        "service_carrier": offer.carrier.lower(),
        "service_id": offer.code,
        "mailpiece_shapes": None,
        "liability_amount": None,
        "warnings": [],
        "hidden": False,
        "other": {},
        "own_account": False,
        "protected": None,
        "protections": None,
        "additional_content": None,
        "document_specification": {"doc_spec": specification},
    }


def _charges(offer: Offer, charge: Decimal) -> Json:
    return {
        "title_with_price": f"{offer.name} - ${charge}",
        "total_net_charge": str(charge),
        "total_gross_charge": str(charge),
        "base_rate": str(charge),
        "charges": charge_list(offer, charge),
        "currency": "$",
        "credits": float(round(charge / 200, 3)),
    }


def charge_list(offer: Offer, charge: Decimal) -> list[Json]:
    """What the price is made of, and what a signature would add."""
    charges = [_charge("BASE_RATE", "Base Rate", "MANDATORY", charge)]
    if any(value == SIGNATURE for value, _, _ in choices(offer)):
        charges.append(_charge(SIGNATURE, "Signature confirmation", "OPTIONAL", SIGNATURE_PRICE))
    return charges


def _charge(code: str, text: str, kind: str, amount: Decimal) -> Json:
    return {"price": f"${amount}", "charge_id": code, "charge_title": text, "charge_type": kind}


def _times(call: Call, days: int) -> Json:
    evening = moment(call.now).replace(hour=22, minute=0, second=0, microsecond=0)
    if evening.timestamp() <= call.now:
        evening += timedelta(days=1)
    return {
        "cutoff": iso_offset(evening.timestamp()),
        "expected_delivery_days": days,
        "pickup_window": {"start": None, "end": None},
        "expires_at": iso_milliseconds(call.now + call.turn.options.quote_seconds),
        "delivery_promise_date": iso_offset(call.now + days * DAY + HOUR),
        "meets_delivery_promise": None,
    }


def choices(offer: Offer) -> list[tuple[str, str, Decimal]]:
    """The confirmations a service offers: value, label, price."""
    carrier = offer.carrier.upper()
    if carrier in OPTIONLESS_CARRIERS:
        return []
    return CHOICES.get(carrier, CHOICES[""])


def service_options(offer: Offer) -> list[Json] | None:
    """What must be chosen when the rate is bought; None where nothing may be sent."""
    offered = choices(offer)
    if not offered:
        return None
    values = [
        {"value": value, "label": label, "price": float(amount), "currency": "USD"}
        for value, label, amount in offered
    ]
    blank = {"multiple": False, "values": [], "validation": None, "unit": None, "default": None}
    select = {"key": CONFIRMATION, "label": "Confirmation", "type": "select"}
    insurance = {"key": "liability_amount", "label": "Insurance", "type": "number", "unit": "USD"}
    inbound = {"key": "try_inbound_label", "label": "Create Return Label", "type": "boolean"}
    return [
        {**blank, **select, "values": values},
        {**blank, **insurance, "validation": {"min": 100, "max": 50000}},
        {**blank, **inbound},
    ]


def _unavailable(offer: Offer, parcel: str, reason: str) -> Json:
    return {
        "remote_shipment_id": parcel,
        "title": offer.name,
        "sub_carrier_id": offer.carrier.upper(),
        "service_carrier": offer.carrier.lower(),
        "unavailable_reasons": [{"message": reason}],
    }
