"""Reference lists: item categories and the countries the sandbox knows by name."""

from integrations.sandbox.easyship.answers import listing
from integrations.sandbox.easyship.categories import CATEGORIES
from integrations.sandbox.messages import Response
from integrations.sandbox.turn import Call

COUNTRIES = (
    (39, "Canada", "CA", "CAN", "North America"),
    (96, "Hong Kong", "HK", "HKG", "Asia"),
    (234, "United States", "US", "USA", "North America"),
)
"""Easyship's number, name, alpha-2, alpha-3 and continent: those whose numbers are known."""
ISO3 = {alpha2: alpha3 for _, _, alpha2, alpha3, _ in COUNTRIES}
NAMES = {alpha2: name for _, name, alpha2, _, _ in COUNTRIES}


def list_categories(call: Call) -> Response:
    """GET /item_categories."""
    return listing(call, "item_categories", [category.row() for category in CATEGORIES])


def list_countries(call: Call) -> Response:
    """GET /countries."""
    codes, continents = call.request.listed("alpha2"), call.request.listed("continent")
    rows = [
        {"id": number, "name": name, "alpha2": alpha2}
        for number, name, alpha2, _, continent in COUNTRIES
        if (not codes or alpha2 in codes) and (not continents or continent in continents)
    ]
    return listing(call, "countries", rows)
