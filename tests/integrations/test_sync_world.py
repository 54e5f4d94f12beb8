"""What we have becomes a world that the sandbox reads."""

import json

import pytest
from django.core.management import CommandError, call_command

from config.demo.sandbox import NotOurSandbox, check_sandbox
from config.ports import PortBusy
from integrations.models import RemoteId, Unmatched
from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import RemoteService, RemoteWarehouse
from integrations.sandbox.world import load_content, parse_world
from integrations.sync.matching import match_services, match_warehouses
from integrations.sync.run import sync_platform
from integrations.sync.tables import category_rows, service_rows
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    ProductFactory,
    RateCardFactory,
    StockLevelFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    place = WarehouseFactory(code="RNO1", postal_code="89506")
    ups = CarrierFactory(code="ups", name="UPS", platform="veeqo")
    service = CarrierServiceFactory(code="ups-ground", carrier=ups)
    for zone, price in (("2", "10.00"), ("5", "12.00"), ("8", "19.00")):
        RateCardFactory(service=service, zone=zone, up_to_grams=1_000, price=price)
    RateCardFactory(service=service, zone="2", up_to_grams=5_000, price="14.00")
    mug = ProductFactory(sku="MUG", weight_grams=300, category="Decor")
    StockLevelFactory(warehouse=place, product=mug, on_hand=12)
    ProductFactory(sku="UNWEIGHED", weight_grams=None)
    return service


def exported(folder):
    call_command("export_world", str(folder / "world.json"))
    return parse_world(load_content(folder / "world.json"))


def test_the_sandbox_reads_what_we_export(network, tmp_path):
    world = exported(tmp_path)

    assert [place.code for place in world.warehouses] == ["RNO1"]
    (mug,) = world.products
    assert (mug.sku, mug.stock, mug.category) == ("MUG", {"RNO1": 12}, "home_decor")
    (offer,) = world.offers("veeqo")
    assert (offer.code, offer.carrier, offer.domestic) == ("UPS_PTP_GND", "UPS", True)


def test_its_prices_start_at_our_cheapest_and_rise_as_flat_as_ours(network, tmp_path):
    (offer,) = exported(tmp_path).services

    assert str(offer.base) == "10.00"
    assert str(offer.per_kg) == "0.80"  # (14 − 10) / 5 kg
    assert str(offer.per_zone) == "0.22"  # (12 − 10) / 9


def test_without_a_warehouse_it_says_what_to_add(tmp_path):
    with pytest.raises(CommandError, match="no active warehouse"):
        call_command("export_world", str(tmp_path / "world.json"))


def test_a_folder_that_is_not_there_is_said_in_words(network, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_world", str(tmp_path / "none" / "world.json"))


def test_an_exported_world_is_matched_without_a_person(network, tmp_path, case):
    call_command("export_world", str(tmp_path / "world.json"))
    case.start(world=tmp_path / "world.json")

    sync_platform("veeqo")
    sync_platform("easyship")

    assert RemoteId.objects.filter(kind="warehouse").count() == 2
    assert not Unmatched.objects.filter(kind__in=["warehouse", "product"]).exists()


def test_the_tables_name_each_code_once():
    services = [(row.service, row.platform) for row in service_rows()]
    codes = [(row.platform, row.code) for row in service_rows()]
    categories = [(row.category, row.platform) for row in category_rows()]

    assert len(services) == len(set(services))
    assert len(codes) == len(set(codes))
    assert len(categories) == len(set(categories))


def place(name="", zip_code="", country="US"):
    return RemoteWarehouse(
        "1", name, AddressValue(name="", line_1="", city="", postal_code=zip_code, country=country)
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (place(name="Depot RNO1"), "RNO1"),
        (place(name="reno fulfillment"), "RNO1"),
        (place(zip_code="89506-1234"), "RNO1"),
        (place(zip_code="89506", country="DE"), ""),
        (place(zip_code="75019"), ""),  # two of ours are there
        (place(name="Somewhere", zip_code="10001"), ""),
    ],
)
def test_a_warehouse_is_known_by_code_name_or_a_zip_of_its_own(theirs, ours):
    WarehouseFactory(code="RNO1", name="Reno Fulfillment", postal_code="89506")
    WarehouseFactory(code="DFW1", name="Dallas", postal_code="75019")
    WarehouseFactory(code="DFW2", name="Coppell", postal_code="75019")

    assert [found.ours for found in match_warehouses([theirs])] == [ours]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (RemoteService("UPS_PTP_GND", "ups", "Whatever"), "ups-ground"),
        (RemoteService("9f", "ups", "UPS - UPS® Ground"), "ups-ground"),
        (RemoteService("9f", "ups", "UPS Freight"), ""),
    ],
)
def test_a_service_is_known_by_the_tables_code_or_name(network, theirs, ours):
    assert [found.ours for found in match_services("veeqo", [theirs])] == [ours]


def test_the_demo_refuses_to_send_anywhere_but_to_its_sandbox(settings):
    settings.VEEQO_BASE_URL = "https://api.veeqo.com"

    with pytest.raises(NotOurSandbox, match="its own sandbox only"):
        check_sandbox(8472)


def test_a_busy_port_of_the_sandbox_is_one_clear_sentence(settings, case):
    port = int(case.start().url.rpartition(":")[2])

    with pytest.raises(PortBusy, match=f"SANDBOX_PORT={port + 1}"):
        check_sandbox(port)


def test_every_exported_amount_is_plain_json(network, tmp_path):
    call_command("export_world", str(tmp_path / "world.json"))

    assert set(json.loads((tmp_path / "world.json").read_text())) == {
        "warehouses",
        "products",
        "services",
    }
