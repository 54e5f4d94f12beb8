"""Rates: what each service asks for a shipment, ranked, by the arithmetic of recorded answers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from integrations.sandbox.easyship.answers import Problem, envelope, fail
from integrations.sandbox.easyship.couriers import service_card, service_id, umbrella
from integrations.sandbox.easyship.parcels import packing, total_weight_grams
from integrations.sandbox.easyship.rules import address_faults
from integrations.sandbox.messages import Json, Response, words
from integrations.sandbox.pricing import CENT, Trip, price, transit_days, unfit_reason
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.world import Offer

NO_SOLUTION = "No shipping solutions available based on the information provided"
FUEL_SHARE = Decimal("0.08")
RESIDENTIAL_FEE = Decimal("6.15")
INSURANCE_SHARE = Decimal("0.01")
IMPORT_TAX_SHARE = Decimal("0.20")
IN_ORIGIN_CURRENCY = words("""
currency shipment_charge fuel_surcharge remote_area_surcharge additional_services_surcharge
oversized_surcharge shipment_charge_total warehouse_handling_fee insurance_fee ddp_handling_fee
import_tax_charge import_tax_non_chargeable import_duty_charge residential_discounted_fee
residential_full_fee total_charge estimated_import_tax estimated_import_duty sales_tax
provincial_sales_tax minimum_pickup_fee
""")


@dataclass(frozen=True, slots=True)
class Consignment:
    """What is to be carried, and the conditions that change its price."""

    reference: str
    trip: Trip
    goods_value: Decimal
    incoterms: str | None
    is_residential: bool
    is_insured: bool
    with_taxes: bool = True


@dataclass(frozen=True, slots=True)
class Quotation:
    """Ranked rates, and why other services are not among them."""

    rates: list[Json]
    unavailable: list[Json]


def quote(turn: Turn, consignment: Consignment) -> Quotation:
    """Every service's rate, best value first."""
    offers = turn.world.offers("easyship")
    reasons = {offer.code: unfit_reason(offer, consignment.trip) for offer in offers}
    rates = [_rate(turn, offer, consignment) for offer in offers if not reasons[offer.code]]
    unavailable = [
        {
            "id": service_id(offer),
            "name": f"{umbrella(offer)} - {offer.name}",
            "message": reasons[offer.code],
        }
        for offer in offers
        if reasons[offer.code]
    ]
    return Quotation(_ranked(rates), unavailable)


def _rate(turn: Turn, offer: Offer, consignment: Consignment) -> Json:
    dear = turn.faults.strike("dear", "easyship", f"{consignment.reference} {offer.code}")
    basic = price(offer, consignment.trip, dear.value if dear else 1.0)
    rate = {
        **_fixed(offer),
        **_carriage(basic, consignment),
        **_taxes(consignment),
        "currency": turn.world.account.currency,
        "incoterms": consignment.incoterms or "DDU",
    }
    _add_up(rate)
    _describe(rate, offer, transit_days(offer, consignment.trip))
    own = {name: rate[name] for name in IN_ORIGIN_CURRENCY}
    return {**_as_numbers(rate), "rates_in_origin_currency": _as_numbers(own)}


def _fixed(offer: Offer) -> Json:
    """What is the same for every consignment."""
    nought = words(
        "remote_area_surcharge oversized_surcharge additional_services_surcharge "
        "residential_discounted_fee warehouse_handling_fee sales_tax provincial_sales_tax "
        "minimum_pickup_fee"
    )
    return {
        "courier_service": {**service_card(offer), "logo": None},
        **dict.fromkeys(nought, Decimal(0)),
        "remote_area_surcharges": None,
        "other_surcharges": None,
        "available_handover_options": ["dropoff", "free_pickup"],
        "tracking_rating": 3,
        "easyship_rating": 4,
        "courier_remarks": None,
        "payment_recipient": "Easyship",
        "discount": None,
    }


def _carriage(basic: Decimal, consignment: Consignment) -> Json:
    """The fuel surcharge is a part of the price of the world's rate card, not on top of it."""
    fuel = (basic * FUEL_SHARE).quantize(CENT, ROUND_HALF_UP)
    insurance = max(Decimal(1), consignment.goods_value * INSURANCE_SHARE)
    return {
        "shipment_charge": basic - fuel,
        "fuel_surcharge": fuel,
        "residential_full_fee": RESIDENTIAL_FEE,
        "insurance_fee": insurance.quantize(CENT) if consignment.is_insured else Decimal(0),
        "shipment_charge_total": basic
        + (RESIDENTIAL_FEE if consignment.is_residential else Decimal(0)),
    }


def _taxes(consignment: Consignment) -> Json:
    names = words("ddp_handling_fee import_tax_charge import_tax_non_chargeable import_duty_charge")
    estimates = ("estimated_import_tax", "estimated_import_duty")
    unknown = {"is_above_threshold": None, "is_above_duty_threshold": None}
    blank = {"import_duty_details": None, **unknown}
    if not consignment.with_taxes:
        return {**dict.fromkeys((*names, *estimates)), **blank}
    taxes: Json = {**dict.fromkeys((*names, *estimates), Decimal(0)), **blank}
    if not consignment.trip.is_domestic:
        due = (consignment.goods_value * IMPORT_TAX_SHARE).quantize(CENT, ROUND_HALF_UP)
        name = "import_tax_charge" if consignment.incoterms == "DDP" else "estimated_import_tax"
        taxes[name] = due
        taxes["is_above_threshold"] = due > 0
    return taxes


def _add_up(rate: Json) -> None:
    parts = ("shipment_charge_total", "insurance_fee", "import_tax_charge", "ddp_handling_fee")
    rate["total_charge"] = sum((rate[name] or Decimal(0) for name in parts), Decimal(0))


def _describe(rate: Json, offer: Offer, days: int) -> None:
    rate["min_delivery_time"] = offer.min_days
    rate["max_delivery_time"] = max(days, offer.min_days)
    tax = rate["estimated_import_tax"]
    rate["description"] = "No additional taxes to be paid at delivery"
    if tax:
        rate["description"] = f"Estimated {tax} tax & duty due on delivery"
    span = f"{offer.min_days}" if offer.min_days >= days else f"{offer.min_days}-{days}"
    rate["full_description"] = f"{offer.name} ({span} working days) {rate['description']}"


def _as_numbers(columns: Json) -> Json:
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in columns.items()
    }


def _ranked(rates: list[Json]) -> list[Json]:
    costs = sorted(rate["total_charge"] for rate in rates)
    times = sorted(rate["max_delivery_time"] for rate in rates)
    for rate in rates:
        rate["cost_rank"] = float(costs.index(rate["total_charge"]) + 1)
        rate["delivery_time_rank"] = float(times.index(rate["max_delivery_time"]) + 1)
    ordered = sorted(rates, key=lambda r: 2 * r["cost_rank"] + r["delivery_time_rank"])
    for place, rate in enumerate(ordered, start=1):
        rate["value_for_money_rank"] = float(place)
    return ordered


def request(call: Call) -> Response:
    """POST /rates: quote without a shipment."""
    body = call.body
    packed = packing(call.turn, body.get("shipping_settings"))
    parcels = packed.parcels(body["parcels"])
    origin, destination = body["origin_address"], body["destination_address"]
    faults = address_faults("origin_address", {"country_alpha2": "US", **origin}, ("city",))
    faults += address_faults(
        "destination_address", destination, ("line_1", "city"), "DestinationAddress"
    )
    if faults + packed.faults:
        raise Problem("invalid_content", faults + packed.faults)
    quotation = quote(call.turn, consignment_of(body, parcels, origin, destination, "rates"))
    rates = _filtered(quotation.rates, body.get("filter_options") or {})
    if not rates:
        fail("invalid_content", NO_SOLUTION)
    return envelope(call, "rates", rates, more=False, count=len(rates))


def consignment_of(
    body: Json, parcels: list[Json], origin: Json, destination: Json, reference: str
) -> Consignment:
    """From a request's body and its parcels as read."""
    trip = Trip(
        origin_zip=origin.get("postal_code") or "",
        origin_country=origin.get("country_alpha2") or "US",
        destination_zip=destination.get("postal_code") or "",
        destination_country=destination["country_alpha2"],
        weight_grams=total_weight_grams(parcels),
    )
    goods = sum(
        Decimal(str(item["declared_customs_value"])) * item["quantity"]
        for parcel in parcels
        for item in parcel["items"]
    )
    return Consignment(
        reference=reference,
        trip=trip,
        goods_value=Decimal(goods),
        incoterms=body.get("incoterms"),
        is_residential=bool(body.get("set_as_residential")),
        is_insured=bool((body.get("insurance") or {}).get("is_insured")),
        with_taxes=body.get("calculate_tax_and_duties", True),
    )


def _filtered(rates: list[Json], options: Json) -> list[Json]:
    name, ids = options.get("courier_service_name"), options.get("courier_service_ids")
    return [
        rate
        for rate in rates
        if (not name or rate["courier_service"]["name"] == name)
        and (not ids or rate["courier_service"]["id"] in ids)
    ]
