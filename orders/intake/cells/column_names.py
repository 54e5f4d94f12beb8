"""Column names that say one thing several ways: “Province/State”, “Name* (required)”."""

import re
from collections.abc import Callable

_BETWEEN = re.compile(r"\s*(?:[/|\\&,;+]|\bor\b|\boder\b|\bou\b|\band\b|\bund\b)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]\s*")
_OF_OTHERS = re.compile(r"bill|invoice|payer|rechnung|factur|sender|return|from", re.IGNORECASE)
_LONGEST = 80
PLACE = "place"
"""City, state and postal code in one column."""
_PLACE_PARTS = frozenset({"city", "state", "postal_code"})
_NAME_PARTS = frozenset({"first_name", "last_name"})


def meaning_of_parts(name: str, field_of: Callable[[str], str]) -> str:
    """The one field that all parts of a name mean, without asides in brackets; or empty.

    `field_of` knows whole names. First and last name are the name, parts of a place the place.
    """
    plain = name if len(name) <= _LONGEST else ""
    aside = _ASIDE.search(plain)
    if aside and not _OF_OTHERS.search(aside.group()):
        plain = _ASIDE.sub(" ", plain)
    plain = plain.strip(" *:")
    if plain != name and (field := field_of(plain)):
        return field
    parts = [part for part in _BETWEEN.split(plain) if part]
    return _one_of([field_of(part) for part in parts]) if len(parts) > 1 else ""


def _one_of(fields: list[str]) -> str:
    meant = frozenset(fields)
    if len(meant) == 1:
        return fields[0]
    if meant == _NAME_PARTS:
        return "name"
    if meant == {"sku", "title"}:
        return "sku"
    return PLACE if meant and meant <= _PLACE_PARTS | {PLACE} else ""
