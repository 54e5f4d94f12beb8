"""The sample exports are read as their expectations say, by the scorer that comes with them."""

import csv
import gzip
import importlib.util
import json
import os
from dataclasses import asdict

import pytest
from django.conf import settings

from orders.intake.files import read_all, read_pasted_table
from orders.intake.values.places import ZipPlace

SAMPLES = settings.BASE_DIR.parent / "shared" / "samples"
LEAST = 97

if not SAMPLES.is_dir() and not os.environ.get("CI"):
    pytest.skip("the shared samples are not beside this checkout", allow_module_level=True)


class SeededPlaces:
    """The product's own table of ZIP codes, without a database."""

    def __init__(self):
        table = settings.BASE_DIR / "warehouses" / "seed" / "zip_centroids.csv.gz"
        with gzip.open(table, "rt", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            self._places = {
                row["zip"]: ZipPlace(row["zip"], row["state"], (row["city"],)) for row in rows
            }

    def of_zip(self, zip_code):
        return self._places.get(zip_code)

    def zips_of(self, state, city):
        return ()


@pytest.fixture(scope="module")
def score():
    spec = importlib.util.spec_from_file_location("score", SAMPLES / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results(score):
    with (SAMPLES / "catalog.csv").open(encoding="utf-8", newline="") as file:
        skus = [row["sku"] for row in csv.DictReader(file)]
    places = SeededPlaces()
    manifest = json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))
    return [
        (entry["weight"], scored(score, entry, places, skus))
        for entry in manifest
        if not entry["file"].startswith("paste_email")  # e-mails are read by the paste reader
    ]


def scored(score, entry, places, skus):
    path = SAMPLES / "files" / entry["file"]
    if entry["input"] == "paste":
        answer = read_pasted_table(path.read_text(encoding="utf-8"), places, skus)
    else:
        answer = read_all(path, name=path.name, places=places, known_skus=skus)
    expected = SAMPLES / "expected" / f"{entry['file']}.json"
    return score.score_file(json.loads(expected.read_text(encoding="utf-8")), neutral(answer))


def neutral(answer):
    return {
        "orders": [asdict(order) for order in answer.orders],
        "findings": [
            {"row": r.row, "field": r.field, "severity": str(r.severity), "message": r.message}
            for r in answer.remarks
        ],
    }


def test_the_files_reach_their_score(results):
    total = sum(weight * result["score"] for weight, result in results)
    assert total / sum(weight for weight, _ in results) >= LEAST


def test_no_order_is_dropped_without_a_word(results):
    assert [result["file"] for _, result in results if result["silent"]] == []


def test_every_single_file_is_read_well(results):
    low = {result["file"]: result["problems"] for _, result in results if result["score"] < 90}
    assert low == {}
