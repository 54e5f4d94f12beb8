"""Postal codes: which shape belongs to which country, and how each is written."""

import re

from orders.intake.values.countries import postal_shape
from orders.intake.values.places import Places

US = re.compile(r"\d{5}(?:-?\d{4})?")
CANADA = re.compile(
    r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d", re.IGNORECASE
)
BRITAIN = re.compile(
    r"(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-Z]? ?\d[ABD-HJLNP-UW-Z]{2})", re.IGNORECASE
)
IRELAND = re.compile(r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[\dAC-FHKNPRTV-Y]{4}", re.IGNORECASE)
NETHERLANDS = re.compile(r"[1-9]\d{3} ?[A-Z]{2}", re.IGNORECASE)
JAPAN = re.compile(r"〒?\d{3}-\d{4}")
POLAND = re.compile(r"\d{2}-\d{3}")
BRAZIL = re.compile(r"\d{5}-\d{3}")
PORTUGAL = re.compile(r"\d{4}-\d{3}")
_SHAPES = {
    "CA": CANADA, "GB": BRITAIN, "IE": IRELAND, "JP": JAPAN, "PL": POLAND, "BR": BRAZIL,
    "PT": PORTUGAL, "NL": NETHERLANDS,
}  # fmt: skip
_PREFIXED = re.compile(r"([A-Z]{1,3})-(\d{4,5}(?: ?[A-Z]{2})?)")
_PREFIXES = {
    "A": "AT", "AT": "AT", "B": "BE", "BE": "BE", "CH": "CH", "CZ": "CZ", "D": "DE", "DE": "DE",
    "DK": "DK", "E": "ES", "ES": "ES", "F": "FR", "FR": "FR", "FI": "FI", "FIN": "FI", "H": "HU",
    "I": "IT", "IT": "IT", "L": "LU", "N": "NO", "NL": "NL", "NO": "NO", "P": "PT", "S": "SE",
    "SE": "SE",
}  # fmt: skip
_DIGITS_OF_A_UNIT = 4
"""B-1204 is rather a flat than a place in Belgium, unless Belgium is named."""
_EXCEL_DECIMAL = re.compile(r"\d{3,9}\.0")


def country_shown(text: str) -> str:
    """The country whose postal code this must be by its shape alone, else empty."""
    bare = text.strip()
    prefixed = _PREFIXED.fullmatch(bare)
    if prefixed and (len(prefixed.group(1)) > 1 or len(prefixed.group(2)) > _DIGITS_OF_A_UNIT):
        return _PREFIXES.get(prefixed.group(1), "")
    return next((country for country, shape in _SHAPES.items() if shape.fullmatch(bare)), "")


def _without_prefix(code: str, country: str) -> str:
    """80331 of “D-80331”, where that is the country's sign."""
    prefixed = _PREFIXED.fullmatch(code)
    is_sign = prefixed is not None and _PREFIXES.get(prefixed.group(1)) == country
    return prefixed.group(2) if prefixed and is_sign else code


def is_postal_code(text: str, country: str) -> bool:
    """Whether this may be a postal code of the country; without a country: any known shape."""
    bare = _without_prefix(text.strip().lstrip("'").removeprefix("〒"), country)
    if not country:
        return bool(US.fullmatch(bare) or country_shown(text))
    shape = _SHAPES.get(country) or (US if country == "US" else postal_shape(country))
    return bool(shape and shape.fullmatch(bare))


def as_postal_code(text: str, country: str) -> str:
    """As the country writes it: `12345-6789`, `A1A 1A1`, `SW1A 1AA`; others as typed."""
    bare = " ".join(text.split()).lstrip("'").removeprefix("〒").strip(" .,")
    bare = _without_prefix(bare, country)
    if _EXCEL_DECIMAL.fullmatch(bare):
        bare = bare[:-2]
    compact = bare.replace(" ", "").replace("-", "")
    if country == "US" and compact.isdigit() and len(compact) == 9:
        return f"{compact[:5]}-{compact[5:]}"
    if country in {"CA", "GB", "IE"} and is_postal_code(bare, country):
        cut = 3 if country in {"CA", "IE"} else len(compact) - 3
        return f"{compact[:cut]} {compact[cut:]}".upper()
    return bare


def with_lost_zeros(text: str, state: str, places: Places) -> str:
    """A US ZIP that lost its leading zeros in a spreadsheet, if its state proves it; else empty."""
    head, _, tail = text.partition("-")
    if not (head.isdigit() and 3 <= len(head) <= 4 and len(tail) in {0, 4}):
        return ""
    full = head.zfill(5)
    place = places.of_zip(full)
    if place is None or (state and place.state != state):
        return ""
    return f"{full}-{tail}" if tail else full
