"""The seeded ZIP table in memory, for readers that take their places as an argument."""

import csv
import gzip
from functools import cache

from django.conf import settings

from orders.intake.values.places import ZipPlace, place_key


class ZipTable:
    """Places from the seed file itself."""

    def __init__(self, rows):
        self.of = {}
        self.named = {}
        for row in rows:
            names = (row["city"], *filter(None, row["other_cities"].split("|")))
            self.of[row["zip"]] = ZipPlace(row["zip"], row["state"], names)
            for name in names:
                self.named.setdefault((row["state"], place_key(name)), []).append(row["zip"])

    def of_zip(self, zip_code):
        return self.of.get(zip_code)

    def zips_of(self, state, city):
        return self.named.get((state, place_key(city)), ())


@cache
def zip_table():
    path = settings.BASE_DIR / "warehouses" / "seed" / "zip_centroids.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return ZipTable(csv.DictReader(lines))
