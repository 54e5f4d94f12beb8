"""Couriers (accounts with carriers) and their services, made from the world's offers."""

from collections.abc import Callable
from datetime import UTC, datetime

from integrations.sandbox.carriers import carrier_named
from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship.answers import found, listing, single
from integrations.sandbox.identity import fixed_uuid
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call
from integrations.sandbox.world import Offer

OPENED = iso_seconds(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
COUNTRY = "US"
LOGO = "/logo.png"


def courier_id(carrier: str) -> str:
    """The same in every sandbox."""
    return fixed_uuid("easyship courier", carrier.lower())


def service_id(offer: Offer) -> str:
    """The same in every sandbox, so that mappings survive a fresh start."""
    return fixed_uuid("easyship service", offer.code)


def umbrella(offer: Offer) -> str:
    """The carrier's name as Easyship writes it."""
    return carrier_named(offer.carrier).name


def service_card(offer: Offer) -> Json:
    """A service inside shipments and rates."""
    return {
        "id": service_id(offer),
        "name": offer.name,
        "courier_id": courier_id(offer.carrier),
        "umbrella_name": umbrella(offer),
        "easyship_courier_service": True,
    }


def render_service(call: Call, offer: Offer) -> Json:
    """A courier service with all its keys."""
    accepts = {
        "outbounds": True,
        "prepaid_returns": False,
        "pay_on_scan_returns": False,
        "pi965_batteries": False,
        "pi966_batteries": False,
        "pi967_batteries": True,
        "liquids": False,
        "specific_dangerous_goods": False,
        "documents": True,
        "parcels": True,
    }
    return {
        **service_card(offer),
        "official_name": offer.name,
        "nickname": None,
        "service_name": offer.name.removeprefix(umbrella(offer)).strip(),
        "logo_url": carrier_named(offer.carrier).slug,
        "courier_logo_url": call.turn.base_url + LOGO,
        "country_alpha2": COUNTRY,
        "active": True,
        "restricted_to_origin_states": None,
        "restricted_to_destination_states": None,
        "supported_incoterms": ["DDU", "DDP"],
        "ioss_support": None,
        "customer_reference_id": None,
        "accepts_outbounds": True,
        "accepts_prepaid_returns": False,
        "accepts_pay_on_scan_returns": False,
        "domestic": offer.domestic,
        "international": offer.international,
        "accepts": accepts,
        "available_handover_options": ["dropoff", "free_pickup"],
        "tracking_rating": 3,
    }


def render_courier(call: Call, carrier: str) -> Json:
    """A courier with all its keys."""
    return {
        "id": courier_id(carrier),
        "customer_reference_id": None,
        "easyship_courier": True,
        "nickname": carrier_named(carrier).name[:15].ljust(3, "-"),
        "origin_country_alpha2": COUNTRY,
        "state": "active",
        "auth": {"state": "verified", "errors": []},
        "ddp_handling_fee": 0,
        "pickup_fee": 0,
        "account_number": None,
        "created_at": OPENED,
        "umbrella_name": carrier_named(carrier).name,
        "filtered_account_details": {},
        "logo_url": call.turn.base_url + LOGO,
    }


def _carriers(call: Call) -> list[str]:
    return list(dict.fromkeys(offer.carrier for offer in call.turn.world.offers("easyship")))


def list_services(call: Call) -> Response:
    """GET /courier_services."""
    offers = call.turn.world.offers("easyship")
    return _listing(call, offers)


def list_services_of(call: Call) -> Response:
    """GET /couriers/{courier_id}/courier_services."""
    offers = call.turn.world.offers("easyship")
    wanted = call.params["courier_id"]
    return _listing(call, [offer for offer in offers if courier_id(offer.carrier) == wanted])


def _listing(call: Call, offers: list[Offer]) -> Response:
    checks: dict[str, Callable[[Offer, str], bool]] = {
        "domestic": lambda offer, text: offer.domestic == (text == "true"),
        "international": lambda offer, text: offer.international == (text == "true"),
        "umbrella_name": lambda offer, text: umbrella(offer).lower() == text.lower(),
    }
    for name, holds in checks.items():
        if text := call.request.first(name):
            offers = [offer for offer in offers if holds(offer, text)]
    if countries := call.request.listed("country_alpha2"):
        offers = [offer for offer in offers if COUNTRY in countries]
    return listing(call, "courier_services", [render_service(call, offer) for offer in offers])


def list_couriers(call: Call) -> Response:
    """GET /couriers."""
    rendered = [render_courier(call, carrier) for carrier in _carriers(call)]
    if name := call.request.first("umbrella_name").lower():
        rendered = [courier for courier in rendered if courier["umbrella_name"].lower() == name]
    return listing(call, "couriers", rendered)


def view(call: Call) -> Response:
    """GET /couriers/{courier_id}."""
    ids = {courier_id(carrier): carrier for carrier in _carriers(call)}
    carrier = ids.get(call.params["courier_id"])
    courier = render_courier(call, carrier) if carrier else None
    return single(call, "courier", found(courier, "Courier"), messages=[])
