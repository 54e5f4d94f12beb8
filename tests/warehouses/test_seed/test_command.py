import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from tests.factories import WarehouseFactory
from tests.warehouses.test_seed.seeded import SEEDED
from tests.warehouses.test_seed.sheets import change
from warehouses.errors import MovementAlreadyRecorded
from warehouses.models import (
    Carrier,
    CarrierService,
    Product,
    ReasonCode,
    StockLevel,
    StockMovement,
    Warehouse,
)
from warehouses.seed.network import load_carriers, load_services
from warehouses.seed.products import load_products
from warehouses.seed.rates import load_zones
from warehouses.seed.sheets import BadSheet
from warehouses.seed.sync import Tally
from warehouses.seed.world import DEMO, KINDS, seed
from warehouses.services import adjust_stock, receive_stock


def seed_demo(*options):
    out = StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in SEEDED}


def test_seeding_twice_changes_nothing_and_says_so(db):
    first = json.loads(seed_demo("--json"))
    before = everything()
    second = json.loads(seed_demo("--json"))

    assert everything() == before
    assert all(tally["created"] > 0 for tally in first.values())
    assert second == {
        kind: {"created": 0, "updated": 0, "unchanged": tally["created"]}
        for kind, tally in first.items()
    }


def test_it_prints_a_line_for_each_kind(db):
    lines = seed_demo().splitlines()

    assert "warehouses: 6 created, 0 updated, 0 unchanged" in lines
    assert len(lines) == len(KINDS) + 2  # and the tags of orders, and the ruleset


def test_opening_balances_go_through_the_ledger(db):
    seed_demo()

    for level in StockLevel.objects.annotate(booked=Sum("movements__on_hand_change")):
        assert level.on_hand == (level.booked or 0)
    movement = StockMovement.objects.get(key="seed:RNO1:MUG-SPK-12")
    assert movement.reason == ReasonCode.OPENING
    assert movement.actor_label == "seed_demo"


def test_stock_is_never_touched_again(db):
    seed_demo()
    level = StockLevel.objects.filter(on_hand__gt=5).select_related("warehouse", "product").first()
    adjust_stock(
        warehouse=level.warehouse,
        product=level.product,
        quantity=-5,
        reason=ReasonCode.DAMAGE,
        document="D-1",
        key="D-1",
    )
    StockLevel.objects.filter(pk=level.pk).update(safety_stock=77)

    seed_demo()

    after = StockLevel.objects.get(pk=level.pk)
    assert (after.on_hand, after.safety_stock) == (level.on_hand - 5, 77)


def test_a_level_that_opens_empty_is_left_alone_once_goods_arrive(db):
    seed_demo()
    level = StockLevel.objects.filter(on_hand=0).select_related("warehouse", "product").first()
    adjust_stock(
        warehouse=level.warehouse,
        product=level.product,
        quantity=3,
        reason=ReasonCode.FOUND,
        document="F-1",
        key="F-1",
    )

    seed_demo()

    assert StockLevel.objects.get(pk=level.pk).on_hand == 3


def test_a_level_made_by_hand_still_gets_its_opening_balance(db):
    list(seed({kind: load for kind, load in KINDS.items() if kind != "opening stock"}, DEMO))
    level = StockLevel.objects.create(
        warehouse=Warehouse.objects.get(code="RNO1"),
        product=Product.objects.get(sku="MUG-SPK-12"),
        safety_stock=5,
    )

    seed_demo()

    level.refresh_from_db()
    assert level.on_hand > 0
    assert level.safety_stock == 5


def test_stock_was_counted_days_ago_and_never_in_the_future(db):
    seed_demo()

    counted = list(StockLevel.objects.values_list("counted_at", flat=True))

    assert max(counted) <= timezone.now()
    assert min(counted) < timezone.now() - timedelta(days=30)


def test_what_staff_switched_off_stays_off(db):
    seed_demo()
    Warehouse.objects.filter(code="LAX1").update(is_active=False)

    counts = json.loads(seed_demo("--json"))

    assert not Warehouse.objects.get(code="LAX1").is_active
    assert counts["warehouses"]["updated"] == 0


def test_the_sheets_figures_come_back(db):
    load_carriers(DEMO)
    load_services(DEMO)
    CarrierService.objects.filter(code="ups-ground").update(max_weight_grams=5)

    tally = load_services(DEMO)

    assert tally == Tally(updated=1, unchanged=21)
    assert CarrierService.objects.get(code="ups-ground").max_weight_grams == 68_039


def test_a_sku_in_another_case_is_the_same_product(db):
    load_products(DEMO)
    Product.objects.filter(sku="MUG-SPK-12").update(sku="mug-spk-12")

    assert load_products(DEMO) == Tally(updated=1, unchanged=65)


def test_rows_of_ones_own_are_left_alone(db):
    load_carriers(DEMO)
    Carrier.objects.create(code="ontrac", name="OnTrac", platform="veeqo")

    assert load_carriers(DEMO) == Tally(unchanged=4)
    assert load_zones(DEMO).created > 0
    assert Carrier.objects.filter(code="ontrac").exists()


def test_a_working_site_is_not_mixed_with_invented_stock(db):
    WarehouseFactory(code="ACME1")

    with pytest.raises(CommandError, match="a warehouse of its own, ACME1"):
        seed_demo()
    assert not Carrier.objects.exists()


def test_a_bad_sheet_ends_the_command_with_its_sentence(db, sheets):
    change(sheets, "carriers.csv", "ups,UPS,veeqo", "ups,UPS,pigeon")

    with pytest.raises(CommandError, match=r"carriers\.csv, line 3: platform: Value 'pigeon'"):
        seed_demo("--sheets", str(sheets))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("ONT1,MUG-SPK-12", "ONT1,NO-SUCH-SKU", r"sku “NO-SUCH-SKU” is not among"),
        ("ONT1,MUG-SPK-12", "RNO1,MUG-SPK-12", r"“MUG-SPK-12 in RNO1” is there 2 times"),
        ("RNO1,MUG-SPK-12,", "RNO1,MUG-SPK-12,9999999", r"on_hand 9999999\d+ is more than"),
    ],
)
def test_a_slip_in_the_stock_sheet_lets_no_stock_in(db, sheets, old, new, sentence):
    change(sheets, "stock.csv", old, new)

    with pytest.raises(BadSheet, match=sentence):
        list(seed(KINDS, sheets))

    assert Product.objects.exists()
    assert not StockLevel.objects.exists()


def test_a_kind_that_breaks_off_is_undone_whole_and_the_kinds_before_it_stay(db, monkeypatch):
    def receive_three_times(**what):
        if StockMovement.objects.count() == 3:
            raise MovementAlreadyRecorded(what["key"])
        receive_stock(**what)

    monkeypatch.setattr("warehouses.seed.opening.receive_stock", receive_three_times)

    with pytest.raises(MovementAlreadyRecorded):
        list(seed(KINDS, DEMO))

    assert Product.objects.exists()
    assert not StockLevel.objects.exists()
    assert not StockMovement.objects.exists()
