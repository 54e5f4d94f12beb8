"""What intake asks about US places: the ZIP table answers in the product, a dict in tests."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# As the post's Publication 28 shortens them; warehouses.zips has the same, a test keeps them equal.
_SHORTENED = {
    "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "mountain": "mtn",
    "north": "n", "south": "s", "east": "e", "west": "w", "heights": "hts", "springs": "spgs",
    "spring": "spg", "beach": "bch", "village": "vlg", "city": "cty", "point": "pt",
    "township": "twp", "junction": "jct", "port": "prt", "lake": "lk", "hills": "hls",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class ZipPlace:
    """One ZIP code: its state (as in NV) and the names of its cities, the post's own name first."""

    zip_code: str
    state: str
    cities: tuple[str, ...]

    def is_named(self, city: str) -> bool:
        key = place_key(city)
        return any(place_key(name) == key for name in self.cities)


class Places(Protocol):
    def of_zip(self, zip_code: str) -> ZipPlace | None:
        """The place of five digits, or None when there is no such ZIP."""

    def zips_of(self, state: str, city: str) -> Sequence[str]:
        """The ZIPs of a city in a state (as in NV), lowest first; empty when there is none."""


class NoPlaces:
    """Knows nothing; for reading where the ZIP table is not loaded."""

    def of_zip(self, zip_code: str) -> ZipPlace | None:
        return None

    def zips_of(self, state: str, city: str) -> Sequence[str]:
        return ()


def place_key(city: str) -> str:
    """The form in which names are compared: “Saint Paul”, “ST. PAUL” and “st paul” are one."""
    words = (_letters(word) for word in _WORD.findall(city))
    return "".join(_SHORTENED.get(word, word) for word in words)


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
