"""States, provinces and counties: the post's abbreviation for US, CA and AU, elsewhere as typed."""

import unicodedata
from functools import lru_cache

from orders.intake.values.countries import LONGEST_NAME, is_region
from orders.intake.values.place_names import (
    AU_STATES,
    BRITISH_COUNTIES,
    CA_PROVINCES,
    STATE_NICKNAMES,
    US_STATES,
)

MILITARY = frozenset({"AA", "AE", "AP"})
LONGEST_STATE_NAME = 4
"""In words: Newfoundland and Labrador, Commonwealth names left out."""


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """Letters and digits only; of a long text its beginning, which no state has either."""
    text = text[: LONGEST_NAME + 1]
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _table(country: str, names: dict[str, str]) -> dict[str, str]:
    found = {_key(name): code for code, name in names.items()} | {
        _key(code): code for code in names
    }
    return found | {_key(name): code for name, code in STATE_NICKNAMES[country].items()}


_STATES = {
    "US": _table("US", US_STATES),
    "CA": _table("CA", CA_PROVINCES),
    "AU": _table("AU", AU_STATES),
}
_COUNTIES = frozenset(_key(name) for name in BRITISH_COUNTIES.split(","))


def has_state_codes(country: str) -> bool:
    return country in _STATES


def state_code(text: str, country: str) -> str:
    """The abbreviation of a state of this country, or empty when it is none."""
    return _STATES.get(country, {}).get(_key(text), "")


def countries_of_state(text: str) -> list[str]:
    """Those of US, CA, AU that have a state of this name or code, in that order."""
    key = _key(text)
    return [country for country, states in _STATES.items() if key in states]


def is_state_of(text: str, country: str) -> bool:
    """Whether this is a state, province or county of the country."""
    if country in _STATES:
        return bool(state_code(text, country))
    if country in {"GB", "IE"} and (_key(text) in _COUNTIES or _key(text).startswith("county")):
        return True
    return is_region(text, country)


def as_state(text: str, country: str) -> str:
    """What is kept: the abbreviation where the country has them, else the text as typed."""
    return state_code(text, country) or text
