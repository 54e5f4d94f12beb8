"""Whether the demo's goods and buildings would pass a look by someone of the trade."""

import csv
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from tests.warehouses.test_seed.seeded import SEEDED
from warehouses.models import (
    BatteryKind,
    Carrier,
    CarrierService,
    PickupCutoff,
    Product,
    ServiceScope,
    StockLevel,
    Warehouse,
    WarehouseClosure,
)

pytestmark = pytest.mark.usefixtures("world")


def takes(service, product):
    sides = sorted([product.length_mm, product.width_mm, product.height_mm])
    length_plus_girth = sides[2] + 2 * (sides[0] + sides[1])
    return (
        product.weight_grams <= service.max_weight_grams
        and sides[2] <= (service.max_length_mm or sides[2])
        and length_plus_girth <= (service.max_length_plus_girth_mm or length_plus_girth)
        and (service.accepts_hazmat or not product.is_hazmat)
        and (service.accepts_batteries or product.battery == BatteryKind.NONE)
    )


@pytest.mark.parametrize("model", SEEDED)
def test_every_seeded_row_is_valid(model):
    for row in model.objects.all():
        row.full_clean()


def test_the_products_hold_what_customs_ask_for():
    assert Product.objects.count() >= 60
    for product in Product.objects.all():
        assert len(product.hs_code) in (6, 8, 10), product
        assert product.origin_country, product
        assert product.customs_description, product
        assert product.value > 0, product
        assert product.category, product
        assert min(product.length_mm, product.width_mm, product.height_mm) > 0, product
        assert product.weight_grams > 0, product


CHAPTERS = {
    "Bath and body": {"33", "34", "38"},
    "Camp and trail": {"39", "42", "63", "94"},
    "Camp kitchen": {"27", "73", "96"},
    "Candles and scent": {"33", "34"},
    "Decor": {"44", "69", "91"},
    "Desk": {"48", "96"},
    "Furniture": {"94"},
    "Kitchen": {"32", "39", "44", "48", "70", "73", "82", "84", "85", "90"},
    "Lighting": {"94"},
    "Outdoor electronics": {"85"},
    "Patio": {"66", "73", "94"},
    "Storage": {"46"},
    "Tableware": {"69", "70"},
    "Textiles": {"57", "62", "63"},
}


def test_every_tariff_code_is_of_a_chapter_of_its_category():
    for product in Product.objects.all():
        assert product.hs_code[:2] in CHAPTERS[product.category], product


def test_every_barcode_is_an_in_house_ean_with_its_check_digit():
    for barcode in Product.objects.values_list("barcode", flat=True):
        assert barcode.startswith("200")
        assert len(barcode) == 13
        weighted = sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(barcode))
        assert weighted % 10 == 0, barcode


def test_nothing_is_denser_than_cast_iron_or_lighter_than_air():
    for product in Product.objects.all():
        litres = product.length_mm * product.width_mm * product.height_mm / 1_000_000
        assert 0.03 < product.weight_grams / 1000 / litres < 3, product


def test_some_products_are_hazmat_and_every_kind_of_battery_is_there():
    assert Product.objects.filter(is_hazmat=True).count() >= 5
    assert set(Product.objects.values_list("battery", flat=True)) == set(BatteryKind.values)


def test_loose_lithium_batteries_are_hazmat_so_that_no_plane_takes_them():
    loose = Product.objects.filter(battery__in=[BatteryKind.ION_ALONE, BatteryKind.METAL_ALONE])

    assert loose
    assert all(product.is_hazmat for product in loose)


def test_every_product_fits_a_domestic_service():
    services = CarrierService.objects.filter(scope=ServiceScope.DOMESTIC)

    for product in Product.objects.all():
        assert any(takes(service, product) for service in services), product


def test_the_limits_bite():
    """A world in which everything goes everywhere would teach nobody anything."""
    dining_table, shelf, rug, spray = (
        Product.objects.get(sku=sku)
        for sku in ("TBL-DIN-OAK", "SHF-OAK-5", "RUG-JUT-5X8", "SPR-RM-LIN")
    )
    service = {service.code: service for service in CarrierService.objects.all()}

    assert not takes(service["usps-ground-advantage"], dining_table)
    assert takes(service["ups-ground"], dining_table)
    assert takes(service["usps-ground-advantage"], shelf)
    assert not takes(service["usps-priority-mail"], shelf)
    assert not takes(service["dhl-ecommerce-parcel-expedited"], rug)
    assert not takes(service["ups-2nd-day-air"], spray)


def test_the_catalogue_knows_every_sku_of_the_sample_files():
    shared = Path(os.environ.get("CROSSDOCK_SHARED", settings.BASE_DIR.parent / "shared"))
    catalogue = shared / "samples" / "catalog.csv"
    if not catalogue.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"the sample files are not at {shared}; set CROSSDOCK_SHARED")

    with catalogue.open(encoding="utf-8") as file:
        wanted = {row["sku"]: int(row["weight_grams"]) for row in csv.DictReader(file)}

    ours = dict(Product.objects.values_list("sku", "weight_grams"))
    assert {sku: ours.get(sku) for sku in wanted} == wanted


def test_the_buildings_stand_where_the_merchant_says():
    states = list(Warehouse.objects.values_list("state", flat=True))

    assert len(states) == 6
    assert {"NV", "CA"} < set(states)
    for warehouse in Warehouse.objects.all():
        assert "555-01" in warehouse.phone
        assert warehouse.email.endswith("example.com")


def test_stock_differs_and_some_of_it_is_scarce_or_gone():
    levels = StockLevel.objects.all()

    assert levels.filter(on_hand=0).count() >= 10
    assert levels.filter(on_hand__gt=0, on_hand__lte=F("safety_stock")).exists()
    assert levels.filter(on_hand__gt=0, on_hand__lt=F("reorder_point")).count() >= 10
    assert set(Product.objects.filter(stock_levels=None)) == set()


def test_large_and_hazmat_goods_lie_only_where_they_may():
    hazmat = StockLevel.objects.filter(product__is_hazmat=True)
    furniture = StockLevel.objects.filter(product__category="Furniture")

    assert set(hazmat.values_list("warehouse__code", flat=True)) == {"RNO1", "DFW1"}
    assert set(furniture.values_list("warehouse__code", flat=True)) <= {"RNO1", "ONT1", "ABE1"}


def test_every_carrier_collects_everywhere_on_weekdays_and_nobody_on_sundays():
    weekdays = PickupCutoff.objects.filter(weekday__lt=5)

    assert weekdays.count() == Warehouse.objects.count() * Carrier.objects.count() * 5
    assert PickupCutoff.objects.filter(weekday=5).exists()
    assert not PickupCutoff.objects.filter(weekday=6).exists()


def test_every_building_rests_on_the_carriers_holidays_of_two_years():
    year = timezone.localdate().year

    for warehouse in Warehouse.objects.all():
        closed = WarehouseClosure.objects.filter(warehouse=warehouse)
        for each in (year, year + 1):
            assert closed.filter(date__year=each, date__month=12, date__day=25).exists()
            reasons = set(closed.filter(date__year=each).values_list("reason", flat=True))
            assert len(reasons) == 7  # six holidays and a count
