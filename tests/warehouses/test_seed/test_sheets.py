import shutil
from decimal import Decimal

import pytest

from tests.warehouses.test_seed.sheets import change
from warehouses.models import (
    RateCard,
)
from warehouses.seed.measures import NotAMeasure, dimensional_divisor, grams, millimetres
from warehouses.seed.network import load_carriers, load_services, load_warehouses
from warehouses.seed.pickups import load_closures, load_cutoffs
from warehouses.seed.products import load_products
from warehouses.seed.rates import load_rates, load_transit_times, load_zones
from warehouses.seed.sheets import BadSheet
from warehouses.seed.sync import Tally
from warehouses.seed.world import DEMO

LOADERS = {
    "warehouses.csv": load_warehouses,
    "services.csv": load_services,
    "zones.csv": load_zones,
    "transit.csv": load_transit_times,
    "rates/ups-ground.csv": load_rates,
    "cutoffs.csv": load_cutoffs,
    "closures.csv": load_closures,
    "products.csv": load_products,
}
SPOILED = [
    ("warehouses.csv", "code,name", "code,nickname", "the column name is missing"),
    ("warehouses.csv", "priority,daily", "priority,colour,daily", "“colour” is not known"),
    ("warehouses.csv", "LAS1,", "RNO1,", "“RNO1” is there 2 times"),
    ("warehouses.csv", "39.644600", "139.644600", "line 2: latitude: "),
    ("warehouses.csv", "39.644600", "NaN", "line 2: latitude “NaN” is not a number"),
    ("warehouses.csv", "America/Chicago", "Texas", "line 6: time_zone: Texas is not a time zone"),
    ("warehouses.csv", ",20,900,", ",20,-900,", "line 3: daily_capacity “-900” is not a whole"),
    ("warehouses.csv", "Suite 110,", "Suite 110,,", "line 3: 19 cells under 18 columns"),
    ("services.csv", "150 lb", "150 pounds", "line 2: max_weight “150 pounds” is not a number"),
    ("services.csv", "ups-ground,ups", "ups-ground,brown", "carrier “brown” is not among "),
    ("services.csv", "yes", "maybe", "line 2: accepts_hazmat “maybe” is not among yes, no"),
    ("zones.csv", "fedex,ups", "fedex,pigeon", "“pigeon” is no carrier"),
    ("zones.csv", "\nAL,", "\nALB,", "line 2: country: "),
    ("transit.csv", "fedex-ground,2", "fedex-grund,2", "line 2: service “fedex-grund”"),
    ("transit.csv", "fedex-ground,3,", "fedex-ground,2,", "“2: 1–1” is there 2 times"),
    ("rates/ups-ground.csv", "11.98", "free", "ups-ground.csv, line 2: 2 “free” is not a number"),
    ("rates/ups-ground.csv", "11.98", "11.985", "ups-ground.csv, line 2: price: "),
    ("rates/ups-ground.csv", "up_to,2,3", "up_to,2,2", "two columns have the same name"),
    ("cutoffs.csv", "17:00", "5 pm", "line 2: local_time “5 pm” is not a time such as 16:30"),
    ("cutoffs.csv", "Mon-Fri", "weekdays", "line 2: weekdays “weekdays” is not among Mon-Fri"),
    ("closures.csv", "January 1", "Janury 1", "line 2: “Janury 1” is not a date such as"),
    ("closures.csv", "RNO1 ONT1", "RNO1 ONT9", "line 8: there is no warehouse ONT9"),
    ("products.csv", "6912004400", "6912.00", "line 2: hs_code: Six to ten digits"),
    ("products.csv", ",420,", ",,", "line 2: weight_grams “” is not a whole number"),
]


@pytest.mark.parametrize(("name", "old", "new", "sentence"), SPOILED)
def test_a_slip_in_a_sheet_is_named_with_its_place(db, sheets, name, old, new, sentence):
    if name != "warehouses.csv":
        load_warehouses(sheets)
        load_carriers(sheets)
    if name.startswith(("transit", "rates")):
        load_services(sheets)
    change(sheets, name, old, new)

    with pytest.raises(BadSheet) as refused:
        LOADERS[name](sheets)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith("Correct the file and seed again; nothing of it is in.")


def test_a_rate_sheet_needs_its_service(db, sheets):
    load_carriers(sheets)
    load_services(sheets)
    (sheets / "rates" / "ups-ground.csv").rename(sheets / "rates" / "ups-grund.csv")

    with pytest.raises(BadSheet, match=r"rates/ups-grund\.csv: there is no service ups-grund"):
        load_rates(sheets)


def test_a_folder_without_rate_sheets_is_refused(db, sheets):
    shutil.rmtree(sheets / "rates")

    with pytest.raises(BadSheet, match="rates: there is no rate sheet"):
        load_rates(sheets)


def test_a_missing_sheet_is_named(db, tmp_path):
    with pytest.raises(BadSheet, match=r"carriers\.csv: the sheet cannot be read \(No such file"):
        load_carriers(tmp_path)


def test_a_sheet_in_an_old_encoding_is_refused_with_the_way_out(db, sheets):
    path = sheets / "zones.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", errors="replace"))

    with pytest.raises(BadSheet, match="not UTF-8; save it as “CSV UTF-8”"):
        load_zones(sheets)


def test_a_sheet_with_a_cell_that_never_ends_is_refused(db, sheets):
    path = sheets / "carriers.csv"
    path.write_text("code,name,platform\n" + "x" * 200_000 + ",X,veeqo\n", encoding="utf-8")

    with pytest.raises(BadSheet, match=r"carriers\.csv, line 2: "):
        load_carriers(sheets)


def test_a_sheet_saved_by_a_spreadsheet_reads_the_same(db, sheets):
    load_carriers(DEMO)
    path = sheets / "carriers.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b",,\r\n")

    assert load_carriers(sheets) == Tally(unchanged=4)


def test_the_price_that_is_stored_is_the_one_in_the_sheet(db):
    load_carriers(DEMO)
    load_services(DEMO)
    load_rates(DEMO)

    rate = RateCard.objects.get(service__code="ups-ground", zone="8", up_to_grams=grams("10 lb"))

    assert (rate.price, rate.currency) == (Decimal("30.37"), "USD")


def test_measures_are_read_in_the_units_of_the_trade():
    assert [grams(text) for text in ("150 lb", "70 lb", "25 lb", "4 oz", "70 kg", "0.5 kg")] == [
        68_039,
        31_751,
        11_340,
        113,
        70_000,
        500,
    ]
    assert [millimetres(text) for text in ("165 in", "108 in", "120 cm")] == [4_191, 2_743, 1_200]
    assert [dimensional_divisor(text) for text in ("139 in3/lb", "166 in3/lb", "5000 cm3/kg")] == [
        5_022,
        5_997,
        5_000,
    ]


@pytest.mark.parametrize("text", ["", "150", "lb", "-1 lb", "1 in", "1e3 lb", "1,5 kg", "١ lb x"])
def test_a_weight_without_a_known_unit_is_refused(text):
    with pytest.raises(NotAMeasure, match="is not a number with a unit"):
        grams(text)
