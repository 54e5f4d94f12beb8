"""Tolerant readers of JSON values. Pure; they raise Unintelligible and nothing else.

Optional readers answer "", None or nothing for what is missing, null or of another kind; the
required ones are `as_object`, `as_list` and `identifier`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from integrations.platforms.errors import Unintelligible
from integrations.platforms.redaction import storable

_LONGEST_TEXT = 2_000
_LARGEST_NUMBER = Decimal(10) ** 12
_MONEY = re.compile(r"[^\d.,+-]*([+-]?\d[\d,]*(?:\.\d+)?|[+-]?\.\d+)[^\d.,+-]*", re.ASCII)
_CARRIERS = ("fedex", "usps", "ups", "dhl")


def as_object(value: Any, what: str) -> Mapping[str, Any]:
    """The value, if it is a JSON object."""
    if not isinstance(value, Mapping):
        raise Unintelligible(f"{what} is not an object")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """The value, if it is a JSON array."""
    if not isinstance(value, list):
        raise Unintelligible(f"{what} is not a list")
    return value


def identifier(record: Mapping[str, Any], key: str, what: str) -> str:
    """An id, which arrives as a number or as a string."""
    found = optional_identifier(record, key)
    if not found:
        raise Unintelligible(f"{what} has no {key}")
    return found


def optional_identifier(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if isinstance(value, str):
        return _clean(value)
    number = whole(record, key)
    return "" if number is None else str(number)


def text(record: Mapping[str, Any], key: str) -> str:
    """Text or a number as text; at most 2,000 characters."""
    value = record.get(key)
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _clean(str(value))
    return ""


def first_text(record: Mapping[str, Any], *keys: str) -> str:
    """The first of these that says something."""
    return next((found for key in keys if (found := text(record, key))), "")


def flag(record: Mapping[str, Any], key: str) -> bool | None:
    value = record.get(key)
    return value if isinstance(value, bool) else None


def decimal(record: Mapping[str, Any], key: str) -> Decimal | None:
    """A number or a numeric string, also with a currency sign or thousands commas."""
    value = record.get(key)
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = _MONEY.fullmatch(value.strip()) if len(value) < 60 else None
        value = match.group(1).replace(",", "") if match else None
    if isinstance(value, float):
        value = repr(value)
    return _bounded(value) if isinstance(value, int | str | Decimal) else None


def whole(record: Mapping[str, Any], key: str) -> int | None:
    """A whole number; one with a fraction is not read."""
    number = decimal(record, key)
    return int(number) if number is not None and number == number.to_integral_value() else None


def scaled(record: Mapping[str, Any], key: str, factor: Decimal) -> int | None:
    """A measure in our unit, rounded: kilograms times 1,000 are grams. Zero means unknown."""
    number = decimal(record, key)
    return round(number * factor) or None if number is not None and number > 0 else None


def moment(record: Mapping[str, Any], key: str) -> datetime | None:
    """An ISO 8601 time in UTC; without a zone it is taken for UTC, a bare date for its midnight."""
    value = record.get(key)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def child(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under the key, or an empty one."""
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def members(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects listed under the key; a single object counts as a list of one."""
    value = record.get(key)
    listed = value if isinstance(value, list) else [value]
    return [member for member in listed if isinstance(member, Mapping)]


def sentences(value: Any) -> list[str]:
    """Every text in a value of any shape, in order, at most twenty."""
    found: list[str] = []
    pending = [value]
    while pending and len(found) < 20:
        current = pending.pop(0)
        if isinstance(current, str) and current.strip():
            found.append(_clean(current))
        elif isinstance(current, list):
            pending = current[:20] + pending
        elif isinstance(current, Mapping):
            pending = list(current.values())[:20] + pending
    return found


def carrier_code(words: str) -> str:
    """Our word for a carrier: fedex, ups, usps, dhl, else the platform's in lower case."""
    lowered = words.casefold()
    known = (code for code in _CARRIERS if re.search(rf"(?<![a-z]){code}(?![a-z])", lowered))
    return next(known, lowered.strip())


def _bounded(value: int | str | Decimal) -> Decimal | None:
    try:
        number = Decimal(value)
        return number if number.is_finite() and abs(number) < _LARGEST_NUMBER else None
    except (ArithmeticError, ValueError):
        return None


def _clean(value: str) -> str:
    return storable(value[:_LONGEST_TEXT]).strip()
