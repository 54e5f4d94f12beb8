import csv
import gzip
from decimal import Decimal
from zoneinfo import available_timezones

import pytest
from django.core.management import call_command

from tests.factories import CityNameFactory, ZipCentroidFactory
from warehouses.models import CityName, ZipCentroid
from warehouses.seed import zip_codes
from warehouses.seed.zip_codes import SEED, load_zips
from warehouses.zips import city_key, find_zip, find_zips, is_city, zips_of_cities, zips_of_city

pytestmark = pytest.mark.django_db

RENO = "89501,NV,Reno,,39.5268,-119.8113,America/Los_Angeles"
HOLLYWOOD = "90028,CA,Los Angeles,Hollywood|East Hollywood,34.1005,-118.3254,America/Los_Angeles"
SAINT_PAUL = "55102,MN,Saint Paul,,44.9372,-93.1209,America/Chicago"
SAINT_PAUL_2 = "55101,MN,Saint Paul,,44.9514,-93.0899,America/Chicago"


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_codes, "BATCH", 2)

    def load(*lines):
        path = tmp_path / "zips.csv.gz"
        with gzip.open(path, "wt", encoding="utf-8") as text:
            text.write("zip,state,city,other_cities,latitude,longitude,time_zone\n")
            text.writelines(f"{line}\n" for line in lines)
        return load_zips(path)

    return load


def table():
    return (
        list(ZipCentroid.objects.values_list()),
        list(CityName.objects.order_by("zip_centroid", "key").values_list("zip_centroid", "key")),
    )


def test_a_row_of_the_file_becomes_a_row_of_the_table(load):
    assert load(RENO, HOLLYWOOD) == 2

    row = find_zip("90028")
    assert (row.state, row.city, row.time_zone) == ("CA", "Los Angeles", "America/Los_Angeles")
    assert row.other_cities == ["Hollywood", "East Hollywood"]
    assert (row.latitude, row.longitude) == (Decimal("34.1005"), Decimal("-118.3254"))


def test_loading_again_changes_nothing(load):
    load(RENO, HOLLYWOOD, SAINT_PAUL)
    before, ids = table(), set(CityName.objects.values_list("pk", flat=True))

    assert load(RENO, HOLLYWOOD, SAINT_PAUL) == 3

    assert table() == before
    assert set(CityName.objects.values_list("pk", flat=True)) == ids


def test_a_newer_file_corrects_and_forgets(load):
    load(RENO, HOLLYWOOD, SAINT_PAUL)

    load(RENO.replace("Reno,", "Reno,Sparks"), SAINT_PAUL)

    assert {row.zip_code for row in zips_of_city("NV", "Sparks")} == {"89501"}
    assert find_zip("90028") is None
    assert not is_city("CA", "Hollywood")


@pytest.mark.parametrize(
    ("old", "new"),
    [("39.5268", "39.6000"), ("America/Los_Angeles", "America/Boise"), ("Reno", "RENO")],
)
def test_a_newer_file_corrects_a_single_value(load, old, new):
    load(RENO)

    load(RENO.replace(old, new))

    row = find_zip("89501")
    assert new in {str(row.latitude), row.time_zone, row.city}


def test_a_name_that_went_missing_comes_back(load):
    load(RENO)
    CityName.objects.all().delete()

    load(RENO)

    assert is_city("NV", "Reno")


def test_a_broken_file_leaves_the_table_as_it_was(load):
    load(RENO, SAINT_PAUL)
    before = table()

    with pytest.raises(ValueError, match="not enough values"):
        load(HOLLYWOOD, SAINT_PAUL.replace("Saint", "St."), "not a row,")

    assert table() == before


@pytest.mark.parametrize("name", ["Los Angeles", "LOS ANGELES", "hollywood", "East Hollywood"])
def test_a_city_is_found_by_any_of_its_names(load, name):
    load(HOLLYWOOD, RENO)

    assert [row.zip_code for row in zips_of_city("CA", name)] == ["90028"]
    assert is_city("ca", name)


def test_a_city_is_looked_for_in_its_state_alone(load):
    load(HOLLYWOOD)

    assert not is_city("FL", "Hollywood")
    assert zips_of_city("FL", "Hollywood") == []


def test_a_city_has_all_its_zips_in_order(load):
    load(SAINT_PAUL, RENO, SAINT_PAUL_2)

    assert [row.zip_code for row in zips_of_city("MN", "St. Paul")] == ["55101", "55102"]


def test_many_zips_are_one_query(load, django_assert_num_queries):
    load(RENO, HOLLYWOOD)

    with django_assert_num_queries(1):
        found = find_zips(["89501", "90028", "89501", "00000"])

    assert set(found) == {"89501", "90028"}


def test_many_cities_are_one_query(load, django_assert_num_queries):
    load(SAINT_PAUL, SAINT_PAUL_2, HOLLYWOOD, RENO)
    asked = [("MN", "St. Paul"), ("mn", "SAINT PAUL"), ("CA", "Hollywood"), ("NV", "Hollywood")]

    with django_assert_num_queries(1):
        found = zips_of_cities(asked)

    assert {place: row.zip_code for place, row in found.items()} == {
        ("MN", "St. Paul"): "55101",
        ("mn", "SAINT PAUL"): "55101",
        ("CA", "Hollywood"): "90028",
    }


def test_a_zip_that_does_not_exist_is_none():
    assert find_zip("00000") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint Paul", "ST. PAUL"),
        ("Fort Worth", "Ft Worth"),
        ("Coeur d'Alene", "Coeur D’Alene"),
        ("Peñuelas", "Penuelas"),
        ("Winston-Salem", "Winston Salem"),
        ("Las  Vegas", "las vegas"),
    ],
)
def test_spellings_of_one_city_are_one(one, other):
    assert city_key(one) == city_key(other)


def test_different_cities_stay_different():
    assert city_key("North Las Vegas") != city_key("Las Vegas")


def test_a_zip_and_its_names_go_together():
    row = CityNameFactory(zip_centroid=ZipCentroidFactory())

    row.zip_centroid.delete()

    assert not CityName.objects.exists()


def test_the_command_loads_the_file_that_comes_with_the_product(capsys, monkeypatch):
    monkeypatch.setattr("warehouses.management.commands.load_zips.load_zips", lambda: 41_711)

    call_command("load_zips")

    assert capsys.readouterr().out == "ZIP codes loaded: 41,711.\n"


# --- the file itself ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seed():
    with gzip.open(SEED, "rt", encoding="utf-8", newline="") as text:
        return {row["zip"]: row for row in csv.DictReader(text)}


def test_the_file_has_the_zip_codes_of_the_country(seed):
    assert 41_000 < len(seed) < 45_000
    assert len({row["state"] for row in seed.values()}) == 50 + 1 + 8 + 3


def test_every_row_fits_the_table(seed):
    for code, row in seed.items():
        ZipCentroid(
            zip_code=code,
            state=row["state"],
            city=row["city"],
            other_cities=row["other_cities"].split("|"),
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
            time_zone=row["time_zone"],
        ).clean_fields()


def test_every_time_zone_is_one(seed):
    assert {row["time_zone"] for row in seed.values()} <= available_timezones()


@pytest.mark.parametrize(
    ("code", "state", "city", "latitude", "longitude", "zone"),
    [
        ("89501", "NV", "Reno", 39.53, -119.81, "America/Los_Angeles"),
        ("89109", "NV", "Las Vegas", 36.13, -115.17, "America/Los_Angeles"),
        ("91761", "CA", "Ontario", 34.03, -117.59, "America/Los_Angeles"),
        ("10001", "NY", "New York", 40.75, -73.99, "America/New_York"),
        ("33101", "FL", "Miami", 25.78, -80.2, "America/New_York"),
        ("75201", "TX", "Dallas", 32.79, -96.8, "America/Chicago"),
        ("79901", "TX", "El Paso", 31.76, -106.48, "America/Denver"),
        ("85001", "AZ", "Phoenix", 33.45, -112.07, "America/Phoenix"),
        ("00907", "PR", "San Juan", 18.45, -66.08, "America/Puerto_Rico"),
        ("99546", "AK", "Adak", 51.87, -176.63, "America/Adak"),
        ("96813", "HI", "Honolulu", 21.31, -157.86, "Pacific/Honolulu"),
        ("09012", "AE", "APO", 40.64, -73.78, "America/New_York"),
        ("96201", "AP", "APO", 37.62, -122.38, "America/Los_Angeles"),
    ],
)
def test_known_places_are_where_they_are(seed, code, state, city, latitude, longitude, zone):
    row = seed[code]

    assert (row["state"], row["city"], row["time_zone"]) == (state, city, zone)
    assert float(row["latitude"]) == pytest.approx(latitude, abs=0.1)
    assert float(row["longitude"]) == pytest.approx(longitude, abs=0.1)
