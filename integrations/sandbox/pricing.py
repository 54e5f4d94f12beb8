"""What a parcel costs: base price, plus so much a kilogram, plus so much a zone."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from integrations.sandbox.world import Offer

CENT = Decimal("0.01")
INTERNATIONAL_ZONE = 9


@dataclass(frozen=True, slots=True)
class Trip:
    """A parcel's way. Countries are alpha-2 codes; a missing weight is nought grams."""

    origin_zip: str
    origin_country: str
    destination_zip: str
    destination_country: str
    weight_grams: float

    @property
    def is_domestic(self) -> bool:
        return self.origin_country == self.destination_country

    @property
    def zone(self) -> int:
        """How far apart the first digits of the two ZIP codes are; 9 abroad."""
        if not self.is_domestic:
            return INTERNATIONAL_ZONE
        first, last = (_first_digit(code) for code in (self.origin_zip, self.destination_zip))
        return abs(first - last)


def _first_digit(code: str) -> int:
    return next((int(mark) for mark in code if mark.isdigit()), 5)


def unfit_reason(offer: Offer, trip: Trip) -> str:
    """Why the service cannot carry the parcel, empty if it can."""
    if trip.is_domestic and not offer.domestic:
        return "This courier service does not ship within the country of origin."
    if not trip.is_domestic and not offer.international:
        return "This courier service does not ship abroad."
    if trip.weight_grams > offer.max_weight_grams:
        return f"The parcel is heavier than this courier service's {offer.max_weight_grams} g."
    return ""


def price(offer: Offer, trip: Trip, factor: float = 1.0) -> Decimal:
    """In the account's currency, two decimals."""
    weight_kg = Decimal(str(trip.weight_grams)) / 1000
    amount = offer.base + offer.per_kg * weight_kg + offer.per_zone * trip.zone
    return (amount * Decimal(str(factor))).quantize(CENT, ROUND_HALF_UP)


def transit_days(offer: Offer, trip: Trip) -> int:
    """Days on the road: nearer parcels take the shorter end of the service's span."""
    span = offer.max_days - offer.min_days
    return offer.min_days + min(span, round(span * trip.zone / INTERNATIONAL_ZONE))
