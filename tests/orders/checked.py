"""Orders for the checks, and a handful of places instead of the ZIP table."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from orders.checks import CheckedLine, CheckedOrder, ProductFacts, World
from orders.intake.values.places import ZipPlace, place_key

TODAY = date(2026, 3, 2)


class FewPlaces:
    """Answers from a dict, as the table does from the database."""

    def __init__(self, *places):
        self._places = {place.zip_code: place for place in places}
        self._zips = defaultdict(list)
        for place in sorted(places, key=lambda place: place.zip_code):
            for name in place.cities:
                self._zips[place.state, place_key(name)].append(place.zip_code)

    def of_zip(self, zip_code):
        return self._places.get(zip_code)

    def zips_of(self, state, city):
        return tuple(self._zips.get((state, place_key(city)), ()))


PLACES = FewPlaces(
    ZipPlace("89501", "NV", ("Reno", "Lawton")),
    ZipPlace("89502", "NV", ("Reno",)),
    ZipPlace("89431", "NV", ("Sparks",)),
    ZipPlace("89101", "NV", ("Las Vegas",)),
    ZipPlace("89510", "NV", ("Sutcliffe", "Saint Mary")),
    ZipPlace("89506", "NV", ("Stead",)),
    ZipPlace("94105", "CA", ("San Francisco",)),
    ZipPlace("02139", "MA", ("Cambridge",)),
    ZipPlace("00901", "PR", ("San Juan",)),
    ZipPlace("09012", "AE", ("APO", "FPO", "DPO")),
)

MUG = ProductFacts(
    sku="MUG",
    weight_grams=400,
    value=Decimal("12.00"),
    hs_code="691200",
    origin_country="PT",
)
LINE = CheckedLine(1, "MUG", 2, Decimal("12.00"), "Mug", MUG)
CLEAN = CheckedOrder(
    source="shopify",
    number="N-1",
    recipient_name="Dana Reyes",
    phone="+17755550142",
    email="dana@example.com",
    address_1="140 Liberty St",
    address_2="Apt 4",
    city="Reno",
    state="NV",
    postal_code="89501",
    country="US",
    currency="USD",
    lines=(LINE,),
)
BASE = replace(
    CLEAN, address_1="PSC 12 Box 345", address_2="", city="APO", state="AE", postal_code="09012"
)
MONTREAL = replace(
    CLEAN,
    address_1="845 Rue Sherbrooke O",
    address_2="",
    city="Montréal",
    state="QC",
    postal_code="H3A 0G4",
    country="CA",
)


def order(base=CLEAN, **changes):
    return replace(base, **changes)


def line(**changes):
    return replace(LINE, **changes)


def with_lines(*lines):
    return replace(CLEAN, lines=lines)


def with_product(**changes):
    return with_lines(line(product=replace(MUG, **changes)))


def world(**changes):
    return World(**({"today": TODAY, "places": PLACES} | changes))
