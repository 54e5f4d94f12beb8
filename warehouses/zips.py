"""Questions about US ZIP codes, answered from the seeded table in one query each."""

import re
import unicodedata
from collections.abc import Collection, Iterable

from warehouses.models import CityName, ZipCentroid

# Words that addresses shorten and directories write out, as the post's Publication 28 has them.
# Intake compares names by a table of its own, being pure; a test keeps the two equal.
_SHORTENED = {
    "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "mountain": "mtn",
    "north": "n", "south": "s", "east": "e", "west": "w", "heights": "hts", "springs": "spgs",
    "spring": "spg", "beach": "bch", "village": "vlg", "city": "cty", "point": "pt",
    "township": "twp", "junction": "jct", "port": "prt", "lake": "lk", "hills": "hls",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def find_zip(zip5: str) -> ZipCentroid | None:
    return ZipCentroid.objects.filter(pk=zip5).first()


def find_zips(zips: Iterable[str]) -> dict[str, ZipCentroid]:
    """Map each ZIP that exists to its row."""
    return ZipCentroid.objects.in_bulk(set(zips))


def zips_of_city(state: str, city: str) -> list[ZipCentroid]:
    """Every ZIP that bears this name in this state (as in NV), in the order of ZIPs."""
    named = CityName.objects.filter(state=state.upper(), key=city_key(city))
    return list(ZipCentroid.objects.filter(city_names__in=named).order_by("zip_code"))


def zips_of_cities(places: Collection[tuple[str, str]]) -> dict[tuple[str, str], ZipCentroid]:
    """Map each (state, city) that exists to its lowest ZIP, in one query for any number."""
    keys = {place: (place[0].upper(), city_key(place[1])) for place in places}
    names = CityName.objects.filter(
        state__in={state for state, _ in keys.values()}, key__in={key for _, key in keys.values()}
    ).select_related("zip_centroid")
    lowest: dict[tuple[str, str], ZipCentroid] = {}
    for name in names.order_by("zip_centroid"):
        lowest.setdefault((name.state, name.key), name.zip_centroid)
    return {place: lowest[key] for place, key in keys.items() if key in lowest}


def is_city(state: str, city: str) -> bool:
    return CityName.objects.filter(state=state.upper(), key=city_key(city)).exists()


def city_key(city: str) -> str:
    """The form in which names are compared: “Saint Paul”, “ST. PAUL” and “st paul” are one."""
    words = (_letters(word) for word in _WORD.findall(city))
    return "".join(_SHORTENED.get(word, word) for word in words)


def _letters(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
