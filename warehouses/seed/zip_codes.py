"""Loads the seed file of ZIP codes into the table, a batch at a time."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from warehouses.models import CityName, ZipCentroid
from warehouses.zips import city_key

SEED = Path(__file__).with_name("zip_centroids.csv.gz")
BATCH = 2_000


class Row(NamedTuple):
    """One line of the file, named as the columns of the table."""

    zip_code: str
    state: str
    city: str
    other_cities: list[str]
    latitude: Decimal
    longitude: Decimal
    time_zone: str

    def keys(self) -> set[str]:
        return {city_key(name) for name in (self.city, *self.other_cities)}


@transaction.atomic
def load_zips(path: Path = SEED) -> int:
    """Make the table say what the file says, and return the number of ZIP codes.

    Only what differs is written; readers see the old table until it is done.
    """
    loaded: set[str] = set()
    rows = read_rows(path)
    while batch := list(islice(rows, BATCH)):
        _write(_that_differ(batch))
        loaded |= {row.zip_code for row in batch}
    _forget_all_but(loaded)
    return len(loaded)


def read_rows(path: Path) -> Iterator[Row]:
    """The lines of a seed file; raises ValueError for one that is not of its form."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for code, state, city, others, latitude, longitude, zone in islice(
            csv.reader(text), 1, None
        ):
            names = others.split("|") if others else []
            yield Row(code, state, city, names, Decimal(latitude), Decimal(longitude), zone)


def _that_differ(batch: Sequence[Row]) -> list[Row]:
    codes = [row.zip_code for row in batch]
    stored = ZipCentroid.objects.filter(zip_code__in=codes).values_list(*Row._fields)
    known = {row[0]: row for row in stored}
    keys = defaultdict(set)
    for code, key in CityName.objects.filter(zip_centroid__in=codes).values_list(
        "zip_centroid", "key"
    ):
        keys[code].add(key)
    return [
        row for row in batch if known.get(row.zip_code) != row or keys[row.zip_code] != row.keys()
    ]


def _write(rows: Sequence[Row]) -> None:
    ZipCentroid.objects.bulk_create(
        [ZipCentroid(**row._asdict()) for row in rows],
        update_conflicts=True,
        unique_fields=["zip_code"],
        update_fields=Row._fields[1:],
    )
    CityName.objects.filter(zip_centroid__in=[row.zip_code for row in rows]).delete()
    CityName.objects.bulk_create(
        CityName(zip_centroid_id=row.zip_code, state=row.state, key=key)
        for row in rows
        for key in sorted(row.keys())
    )


def _forget_all_but(zips: set[str]) -> None:
    """Delete codes that the post has given up, which a newer file no longer has."""
    known = ZipCentroid.objects.values_list("zip_code", flat=True)
    gone = [code for code in known.iterator() if code not in zips]
    for start in range(0, len(gone), BATCH):
        ZipCentroid.objects.filter(zip_code__in=gone[start : start + BATCH]).delete()
