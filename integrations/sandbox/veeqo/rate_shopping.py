"""The Rate Shopping API: what a parcel would cost that belongs to no order. Nothing is kept."""

from integrations.sandbox.clock import DAY, HOUR, iso_milliseconds, iso_offset
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.pricing import Trip, price, transit_days, unfit_reason
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo.answers import amount, flag, ok, refuse, require, rows, text, title
from integrations.sandbox.veeqo.catalogue import GRAMS_PER_UNIT
from integrations.sandbox.veeqo.rates import CARRIER_CODE, charge_list, service_options
from integrations.sandbox.world import Offer


def shop(call: Call) -> Response:
    """Quote every service between two addresses."""
    require(call.body, "to_address", "from_address", "parcels", "customer_reference")
    trip = _trip(call.body)
    offers = call.turn.world.offers("veeqo")
    reasons = {offer.code: unfit_reason(offer, trip) for offer in offers}
    unavailable = [_unavailable(o, reasons[o.code]) for o in offers if reasons[o.code]]
    if not flag(call.body, "include_unavailable_quotes"):
        unavailable = []
    return ok(
        {
            "quotes": [_quote(call, offer, trip) for offer in offers if not reasons[offer.code]],
            "unavailable_quotes": unavailable,
            "remote_shipment_id": f"prb{call.turn.ids.uuid()[:8]}",
            "request_token": call.turn.ids.uuid(),
            "expires_at": iso_milliseconds(call.now + call.turn.options.quote_seconds),
            "to_address_id": f"letterbox-{call.turn.ids.uuid()[:8]}",
            "from_address_id": f"letterbox-{call.turn.ids.uuid()[:8]}",
        }
    )


def _trip(body: Json) -> Trip:
    origin, destination = _address(body, "from_address"), _address(body, "to_address")
    return Trip(
        origin_zip=text(origin, "postcode") or "",
        origin_country=text(origin, "country_code") or "",
        destination_zip=text(destination, "postcode") or "",
        destination_country=text(destination, "country_code") or "",
        weight_grams=_grams(body),
    )


def _address(body: Json, name: str) -> Json:
    """An address with the least a carrier needs to find it."""
    address = body[name]
    if not isinstance(address, dict):
        refuse(400, [f"{title(name)} is invalid"])
    require(address, "line1", "town", "country_code")
    return address


def _grams(body: Json) -> float:
    parcels = rows(body, "parcels")
    if len(parcels) != 1:
        refuse(400, ["Parcels must have exactly one element"])
    unit = text(parcels[0], "weight_unit")
    if unit not in GRAMS_PER_UNIT:
        refuse(400, ["Weight unit is not included in the list"])
    weight = float(amount(parcels[0], "weight"))
    if weight <= 0:
        refuse(400, ["Parcel weight must be greater than 0"])
    return weight * GRAMS_PER_UNIT[unit]


def _quote(call: Call, offer: Offer, trip: Trip) -> Json:
    dear = call.turn.faults.strike("dear", "veeqo", f"shopping {offer.code}")
    charge = price(offer, trip, dear.value if dear else 1.0)
    arrival = call.now + transit_days(offer, trip) * DAY + HOUR
    return {
        "rate_id": f"{CARRIER_CODE}-{call.turn.ids.uuid()}",
        "service_name": offer.name,
        "service_id": offer.code,
        "carrier_id": offer.carrier.upper(),
        "service_carrier": offer.carrier.lower(),
        "currency": call.turn.world.account.currency,
        "delivery_estimate": iso_offset(arrival),
        "total_charge": str(charge),
        "base_rate": str(charge),
        "charges": charge_list(offer, charge),
        "shipping_service_options": service_options(offer),
        "credits": float(round(charge / 200, 3)),
        "own_account": False,
        "protected": False,
        "protections": [],
    }


def _unavailable(offer: Offer, reason: str) -> Json:
    return {
        "carrier": CARRIER_CODE,
        "name": offer.name,
        "service_carrier": offer.carrier.lower(),
        "sub_carrier_id": offer.carrier.upper(),
        "unavailable_reasons": [{"message": reason}],
    }
