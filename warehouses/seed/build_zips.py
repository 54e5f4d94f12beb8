"""Writes zip_centroids.csv.gz from three GeoNames files. For developers; the product never runs it.

docs/zip-data.md says where the files come from, under which licence, and how to run this.
"""

import argparse
import csv
import gzip
import io
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SEED = Path(__file__).with_name("zip_centroids.csv.gz")
COLUMNS = ("zip", "state", "city", "other_cities", "latitude", "longitude", "time_zone")
TERRITORIES = frozenset({"PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"})
TERRITORY_ZONES = {
    "PR": "America/Puerto_Rico",
    "VI": "America/St_Thomas",
    "GU": "Pacific/Guam",
    "AS": "Pacific/Pago_Pago",
    "MP": "Pacific/Saipan",
    "FM": "Pacific/Pohnpei",
    "MH": "Pacific/Majuro",
    "PW": "Pacific/Palau",
}
# Military mail leaves the country at these gateways, which is as far as a domestic carrier's
# distance counts; GeoNames gives some bases' own position, abroad.
GATEWAYS = {
    "AE": (40.6413, -73.7781, "America/New_York"),
    "AA": (25.7959, -80.2870, "America/New_York"),
    "AP": (37.6213, -122.3790, "America/Los_Angeles"),
}
MILITARY = ("APO", "FPO", "DPO")
MAX_KM_TO_ANOTHER_NAME = 8.0
KM_PER_DEGREE = 111.2


@dataclass(slots=True)
class Zip:
    code: str
    state: str
    county: str
    city: str
    latitude: float
    longitude: float
    time_zone: str = ""
    other_cities: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    state: str
    county: str
    latitude: float
    longitude: float
    time_zone: str
    population: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postal", type=Path, required=True, help="GeoNames postal US.txt")
    parser.add_argument(
        "--territories", type=Path, required=True, help="postal codes as JSON lines, gzipped"
    )
    parser.add_argument("--towns", type=Path, required=True, help="GeoNames cities500.txt")
    given = parser.parse_args()
    zips = {row.code: row for row in read_postal(given.postal)}
    zips |= {row.code: row for row in read_territories(given.territories)}
    towns = [town for town in read_towns(given.towns) if town.state not in TERRITORIES]
    set_time_zones(zips.values(), towns)
    add_other_cities(zips.values(), towns)
    write_seed(zips)


def read_postal(path: Path) -> Iterator[Zip]:
    """Rows of the postal file; military ones by their ZIP, for the file's states are unsure."""
    for columns in _table(path):
        code, city, state, county = columns[1], columns[2], columns[4], columns[6]
        if military := military_state(code):
            yield _military(code, city, military)
        elif state and state not in TERRITORIES:
            yield Zip(code, state, county, city, float(columns[9]), float(columns[10]))


def military_state(code: str) -> str:
    """The ranges the post has set aside for the armed forces and embassies, else ''."""
    if "090" <= code[:3] <= "098":
        return "AE"
    if code.startswith("340"):
        return "AA"
    return "AP" if "962" <= code[:3] <= "966" else ""


def _military(code: str, city: str, state: str) -> Zip:
    latitude, longitude, zone = GATEWAYS[state]
    name = city.split()[0].upper()
    kind = name if name in MILITARY else "APO"
    return Zip(code, state, "", kind, latitude, longitude, zone, set(MILITARY) - {kind})


def read_territories(path: Path) -> Iterator[Zip]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if (state := row["country_code"]) in TERRITORIES:
                yield Zip(
                    row["postal_code"],
                    state,
                    "",
                    row["city"],
                    row["latitude"],
                    row["longitude"],
                    TERRITORY_ZONES[state],
                )


def read_towns(path: Path) -> Iterator[Town]:
    for columns in _table(path):
        if columns[8] == "US":
            yield Town(
                name=columns[1],
                state=columns[10],
                county=columns[11],
                latitude=float(columns[4]),
                longitude=float(columns[5]),
                time_zone=columns[17],
                population=int(columns[14]),
            )


def set_time_zones(zips: Iterable[Zip], towns: Iterable[Town]) -> None:
    """Zones follow counties: take the nearest town's in the county, else in the state."""
    by_county, by_state = defaultdict(list), defaultdict(list)
    for town in towns:
        by_county[town.state, town.county].append(town)
        by_state[town.state].append(town)
    for row in zips:
        near = by_county.get((row.state, row.county)) or by_state.get(row.state, [])
        row.time_zone = row.time_zone or min(near, key=lambda town: km(row, town)).time_zone
        # The western Aleutians have a zone of their own and no town in the file.
        if row.state == "AK" and row.longitude < -169.5 and row.latitude < 53.5:
            row.time_zone = "America/Adak"


def add_other_cities(zips: Iterable[Zip], towns: Iterable[Town]) -> None:
    """A town is one more name of the nearest ZIP of its state, when that has another name."""
    by_state = defaultdict(list)
    for row in zips:
        by_state[row.state].append(row)
    for town in towns:
        nearest = min(by_state[town.state], key=lambda row: km(row, town))
        same = nearest.city.casefold() == town.name.casefold()
        if not same and km(nearest, town) <= MAX_KM_TO_ANOTHER_NAME:
            nearest.other_cities.add(town.name)


def km(one: Zip | Town, other: Zip | Town) -> float:
    """Distance on a plane, which is close enough within a county."""
    east = (one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return math.hypot(one.latitude - other.latitude, east) * KM_PER_DEGREE


def write_seed(zips: Mapping[str, Zip]) -> None:
    """Sorted and without a time stamp, so that the same input gives the same bytes."""
    with (
        SEED.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(_columns(zips[code]) for code in sorted(zips))


def _columns(row: Zip) -> tuple[str, ...]:
    return (
        row.code,
        row.state,
        row.city,
        "|".join(sorted(row.other_cities)),
        f"{row.latitude:.4f}",
        f"{row.longitude:.4f}",
        row.time_zone,
    )


def _table(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


if __name__ == "__main__":
    main()
