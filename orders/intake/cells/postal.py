"""Postal codes in cells; a ZIP gets lost leading zeros back where the place allows."""

import re
from dataclasses import dataclass

from orders.intake.cells.numbers import whole_text
from orders.intake.cells.states import ZERO_STATES
from orders.intake.cells.text import clean_code, words
from orders.intake.values.places import NoPlaces, Places, ZipPlace

_ZIP = re.compile(r"(\d{3,5})(?:[-–\s]?(\d{4}))?")
_CANADIAN = re.compile(r"([A-Z]\d[A-Z])[\s-]?(\d[A-Z]\d)")
_BRITISH = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
_FIVE_DIGITS = frozenset({"DE", "FR", "ES", "IT", "FI", "MX"})
NEEDS_CODE = words("US CA GB DE FR AT CH IT ES NL BE AU PL SE DK NO FI JP MX PT CZ")
"""Countries whose post does not deliver without a code."""


@dataclass(frozen=True, slots=True)
class PostalCode:
    """`value` is empty when the cell holds none; `problem` is a sentence, `is_error` its weight."""

    value: str
    problem: str = ""
    is_error: bool = False
    place: ZipPlace | None = None


def read_postal_code(text: str, country: str, state: str, places: Places) -> PostalCode:
    """The code of a cell in the form of its country."""
    code = whole_text(clean_code(text)).upper()
    if country == "US":
        return _us(code, state, places)
    if country == "CA":
        return _shaped(_CANADIAN, code, "Canadian")
    if country == "GB":
        return _shaped(_BRITISH, code, "British")
    if country in _FIVE_DIGITS and code.isdigit() and len(code) == 4:
        return PostalCode(
            f"0{code}", f"The postal code {code} had lost its leading zero; it was put back."
        )
    return PostalCode(code if country else clean_code(text))


def _shaped(shape: re.Pattern[str], code: str, people: str) -> PostalCode:
    found = shape.fullmatch(code)
    if found:
        return PostalCode(f"{found.group(1)} {found.group(2)}")
    return PostalCode(code, f"“{code[:20]}” is no {people} postal code. Correct it.", is_error=True)


def _us(code: str, state: str, places: Places) -> PostalCode:
    if code.isdigit() and len(code) in {7, 8, 9}:
        code = f"{code[:-4]}-{code[-4:]}"
    found = _ZIP.fullmatch(code)
    if found is None:
        return PostalCode(code, f"“{code[:20]}” is no ZIP code. Write five digits.", is_error=True)
    if len(found.group(1)) < 5:
        return _with_zeros(found, state, places)
    return _checked(found.group(1), found.group(2) or "", state, places)


def _with_zeros(found: re.Match[str], state: str, places: Places) -> PostalCode:
    full, place = found.group(1).zfill(5), None
    place = places.of_zip(full)
    state_of_zip = place.state if place else ""
    if state not in ({state_of_zip, ""} if state_of_zip else ZERO_STATES):
        text = f"“{found.group()}” is no ZIP code of {state or 'the US'}. Write five digits."
        return PostalCode(found.group(), text, is_error=True)
    value = f"{full}-{found.group(2)}" if found.group(2) else full
    return PostalCode(
        value, f"The ZIP {found.group()} had lost its leading zero: {value}.", place=place
    )


def _checked(five: str, four: str, state: str, places: Places) -> PostalCode:
    value, place = (f"{five}-{four}" if four else five), places.of_zip(five)
    if place is None:
        known = isinstance(places, NoPlaces)
        return PostalCode(value, "" if known else f"There is no ZIP {five} in our table. Check it.")
    if state and place.state and place.state != state:
        text = f"ZIP {five} lies in {place.state}, not in {state}. Correct the ZIP or the state."
        return PostalCode(value, text, place=place)
    return PostalCode(value, place=place)
