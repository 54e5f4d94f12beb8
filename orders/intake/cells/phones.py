"""Phone numbers in cells, to E.164."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from orders.intake.cells.numbers import read_scientific, whole_text

_EXTENSION = re.compile(
    r"\s*(?:,|;)?\s*(?:extension|ext\.?|x|#|durchwahl|poste)\s*\.?\s*\d{1,7}\s*$", re.IGNORECASE
)
_DIGITS = re.compile(r"\D")
_NATIONAL = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")
_NORTH_AMERICA = frozenset({"US", "CA", "PR"})


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` is E.164, empty when the cell holds none; `lost_digits` tells of a power of ten."""

    number: str
    lost_digits: bool = False


@lru_cache(maxsize=8192)
def read_phone(text: str, country: str) -> Phone:
    """The number of a cell; a national one takes the code of `country` (ISO alpha-2, or empty)."""
    scientific = read_scientific(text.replace(" ", "").lstrip("+"))
    if scientific is not None:
        return _of_digits(scientific.digits, country) if scientific.is_complete else Phone("", True)
    return _of_digits(_EXTENSION.sub("", whole_text(text)), country)


def _of_digits(text: str, country: str) -> Phone:
    digits = _DIGITS.sub("", text)
    if (
        country in _NORTH_AMERICA
        and not text.startswith("00")
        and (not text.startswith("+") or text[1:2] == "1")
    ):
        national = _NATIONAL.fullmatch(digits.removeprefix("001") if len(digits) > 11 else digits)
        if national:
            return Phone(f"+1{national.group(1)}")
    return Phone(_international(text, digits, country))


def _international(text: str, digits: str, country: str) -> str:
    if not 6 <= len(digits) <= 17 or sum(map(str.isalpha, text)) > 3:
        return ""
    if text.startswith("+"):
        return _e164(f"+{digits}", None)
    if digits.startswith("00"):
        return _e164(f"+{digits.lstrip('0')}", None)
    return _e164(digits, country or "US") or (_e164(f"+{digits}", None) if len(digits) > 10 else "")


def _e164(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
