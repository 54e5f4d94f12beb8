"""By the platforms' own documents: what we send is valid, what they show can be read."""

from dataclasses import replace
from decimal import Decimal

import jsonschema
import pytest

from integrations.platforms.easyship import answers, bodies, catalogue
from integrations.platforms.easyship.journeys import read_journeys
from integrations.platforms.http import Answer
from integrations.platforms.outbound import Battery, Origin
from integrations.platforms.remote import LabelState, RemoteState
from integrations.platforms.veeqo import answers as veeqo_answers
from integrations.platforms.veeqo import bodies as veeqo_bodies
from integrations.platforms.veeqo import catalogue as veeqo_catalogue
from integrations.platforms.veeqo.paging import read_page
from integrations.platforms.veeqo.rates import choose_rate, purchase, read_offers, read_quotes
from tests.integrations.documents import EASYSHIP, VEEQO, NotDescribed, document
from tests.integrations.samples import ORDER, RECIPIENT, WAREHOUSE, contract, customs_with

ADDRESS_ID = "01563646-58c1-4607-8fe0-cae3e33c0002"
BY_ID = replace(ORDER, origin=Origin("NV", WAREHOUSE, ADDRESS_ID))
ORDERS = {
    "plain": BY_ID,
    "from an address": replace(ORDER, origin=Origin("NV", WAREHOUSE)),
    "abroad, with a battery and a note": replace(
        ORDER,
        origin=Origin("NV", WAREHOUSE),
        recipient=replace(RECIPIENT, state="", country="HK", line_2="", company=""),
        lines=(
            customs_with(battery=Battery.ION_IN_DEVICE, hs_code="", category="mobile_phones"),
            customs_with(unit_value=Decimal("0.07"), has_liquids=True, origin_country=""),
        ),
        delivery_note="Ring twice",
        promised_on=None,
    ),
}
SHIPMENT = "/2024-09/shipments/ESUS10006001"


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
class TestEasyshipBodies:
    def judge(self, method, path, body):
        document(EASYSHIP).judge_body(method, path, body)

    def test_a_shipment_is_valid(self, order):
        self.judge("POST", "/2024-09/shipments", bodies.shipment_body(order))

    def test_a_question_for_prices_is_valid(self, order):
        self.judge("POST", "/2024-09/rates", bodies.rates_body(order))

    def test_a_purchase_is_valid_in_both_ways(self, order):
        self.judge("POST", f"{SHIPMENT}/label", bodies.label_body(order))
        self.judge("PATCH", SHIPMENT, bodies.label_update_body(order))


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"parcels": "none"},
        {"origin_address_id": "not a uuid"},
        {"destination_address": {"line_1": "x" * 36}},
        {"destination_address": {"line_1": "x", "city": "y"}},
    ],
    ids=["unknown key", "wrong type", "bad id", "too long", "incomplete"],
)
def test_the_judge_refuses_what_the_document_forbids(change):
    body = bodies.shipment_body(BY_ID) | change

    with pytest.raises(jsonschema.ValidationError):
        document(EASYSHIP).judge_body("POST", "/2024-09/shipments", body)


def test_the_judge_refuses_what_the_document_does_not_know():
    with pytest.raises(NotDescribed):
        document(VEEQO).judge_body("POST", "/webhooks", {})
    with pytest.raises(NotDescribed):
        document(VEEQO).judge_body("GET", "/orders", {})


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize(("customer_id", "method_id"), [("", ""), ("6100", "1200")])
def test_an_order_for_veeqo_is_valid(order, customer_id, method_id):
    body = veeqo_bodies.order_body(
        order,
        {"MUG-BLU": "3301"},
        channel_id="4200",
        delivery_method_id=method_id,
        customer_id=customer_id,
    )

    document(VEEQO).judge_body("POST", "/orders", body)


def shipment_examples():
    for method, path in (
        ("POST", "/2024-09/shipments"),
        ("PATCH", SHIPMENT),
        ("GET", SHIPMENT),
        ("POST", f"{SHIPMENT}/label"),
    ):
        yield from document(EASYSHIP).examples(method, path)


def test_every_shipment_easyship_shows_can_be_read():
    read = {name: answers.read_single(body) for name, body in shipment_examples()}

    assert len(read) >= 8
    assert all(shipment.remote_id.startswith("ES") for shipment in read.values())
    assert all(shipment.recipient and shipment.lines for shipment in read.values())
    assert RemoteState.UNKNOWN not in {shipment.state for shipment in read.values()}


def test_a_label_that_failed_in_their_example_is_seen_as_failed():
    (body,) = [body for _, body in document(EASYSHIP).examples("POST", f"{SHIPMENT}/label")]

    label = answers.read_single(body).label

    assert label.state is LabelState.FAILED
    assert label.documents[0].content.startswith(b"%PDF-")


def test_the_lists_easyship_shows_can_be_read():
    for path, key, read in (
        ("shipments", "shipments", answers.read_shipment),
        ("addresses", "addresses", catalogue.read_warehouse),
        ("courier_services", "courier_services", catalogue.read_service),
        ("products", "products", catalogue.read_product),
    ):
        for _name, body in document(EASYSHIP).examples("GET", f"/2024-09/{path}"):
            page = catalogue.read_page(body, key, read)
            assert page.items
            assert page.unreadable == ()


def test_the_rates_easyship_shows_can_be_read():
    for _name, body in document(EASYSHIP).examples("POST", "/2024-09/rates"):
        assert all(quote.currency and quote.total > 0 for quote in answers.read_rates(body))


def test_the_journeys_easyship_shows_can_be_read():
    shown = dict(document(EASYSHIP).examples("GET", "/2024-09/shipments/trackings"))

    journeys = [journey for body in shown.values() for journey in read_journeys(body).values()]

    assert journeys
    assert any(journey.events for journey in journeys)


def test_the_complete_order_of_veeqo_can_be_read():
    order = veeqo_answers.read_order(contract("veeqo-examples/order.json"))

    assert order.remote.reference == "NM-1001"
    assert order.remote.recipient.name == "Ada Byrne"
    assert order.remote.lines[0].unit_price == Decimal("12.5")
    assert order.units == {"3301": 2}
    assert order.allocations[0].units == order.units
    assert order.allocations[0].package.weight == 24


def test_the_rates_of_veeqo_can_be_read_and_bought():
    offers = read_offers(contract("veeqo-examples/rates.json"))

    body = purchase("55001", choose_rate(offers, ORDER.service))

    document(VEEQO).judge_body("POST", "/shipping/shipments", body)
    assert len(offers.rates) == 3


def test_the_master_data_of_veeqo_can_be_read():
    product = contract("veeqo-examples/product.json")
    page = read_page(Answer(200, {}, [product]), 1, veeqo_catalogue.read_products, "products")
    stock = list(veeqo_catalogue.read_stock(product))
    warehouse = veeqo_catalogue.read_warehouse(contract("veeqo-examples/warehouse.json"))

    assert (page.items[0].sku, page.items[0].weight_grams) == ("MUG-BLU", 340)
    assert page.items[0].length_mm == 127
    assert (stock[0].on_hand, stock[0].available) == (40, 38)
    assert (warehouse.address.state, warehouse.address.postal_code) == ("WA", "98109")
    assert read_quotes(contract("veeqo-examples/v1_rates.json"))[0].currency == "USD"


def test_the_shipment_of_veeqo_is_a_label():
    label = veeqo_answers.read_shipment(contract("veeqo-examples/shipment.json"))

    assert (label.state, label.tracking_number) == (LabelState.READY, "1Z999AA10123456784")
