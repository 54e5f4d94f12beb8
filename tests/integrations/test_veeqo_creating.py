from dataclasses import replace
from decimal import Decimal

import pytest
from responses import matchers

from integrations.platforms import connect
from integrations.platforms.base import Account
from integrations.platforms.errors import Unintelligible, Unsendable
from tests.integrations.samples import KEY, LINE, ORDER, REFERENCE, line_with, order_with
from tests.integrations.veeqo_server import (
    BASE,
    VeeqoServer,
    remote_order,
)


class TestCreating(VeeqoServer):
    def create(self, order=ORDER):
        self.stage_lookup()
        self.stage_create(remote_order())
        self.platform.create(order)
        return self.sent()[0]["order"]

    def test_the_order_is_paid_so_that_it_does_not_wait_for_payment(self):
        payment = self.create()["payment_attributes"]

        assert payment == {"payment_type": "bank_transfer", "reference_number": REFERENCE.text}

    def test_money_keeps_every_digit(self):
        line = self.create(order_with(lines=(line_with(unit_price=Decimal("1234567.10")),)))

        assert line["line_items_attributes"][0]["price_per_unit"] == "1234567.10"

    def test_the_recipient_keeps_the_whole_name(self):
        address = self.create()["deliver_to_attributes"]

        assert (address["first_name"], address["last_name"]) == ("Ada Maria", "Byrne")

    def test_a_single_name_is_a_first_name(self):
        address = self.create(order_with(recipient=replace(ORDER.recipient, name="Cher")))

        assert address["deliver_to_attributes"]["first_name"] == "Cher"

    def test_a_known_customer_is_used_again_only_on_the_exact_e_mail(self):
        self.stage_lookup()
        near, exact = (
            {"id": 1, "email": "ada.byrne@example.com.au"},
            {"id": 2, "email": "Ada.Byrne@example.com"},
        )
        self.server.get(f"{BASE}/customers", json=[near, exact])
        self.stage_create(remote_order())

        self.platform.create(ORDER)

        body = self.sent()[0]["order"]
        assert body["customer_id"] == 2
        assert "customer_attributes" not in body

    def test_a_sku_without_a_mapping_is_found_by_exact_sku(self):
        self.stage_lookup()
        sellables = [{"id": 9, "sku_code": "MUG-BLUE"}, {"id": 10, "sku_code": "mug-blu"}]
        self.server.get(f"{BASE}/products", json=[{"id": 1, "sellables": sellables}])
        self.stage_create(remote_order())

        self.platform.create(order_with(lines=(replace(LINE, product_remote_id=""),)))

        assert self.sent()[0]["order"]["line_items_attributes"][0]["sellable_id"] == 10

    @pytest.mark.parametrize(
        ("sellables", "words"),
        [
            ([], "unknown there"),
            ([{"id": 9, "sku_code": "MUG-BLU"}, {"id": 10, "sku_code": "MUG-BLU"}], "several"),
            ([{"id": 9, "sku_code": "MUG-BLU", "deleted_at": "2026-01-01T00:00:00Z"}], "unknown"),
        ],
    )
    def test_a_sku_that_is_not_clear_stops_the_order(self, sellables, words):
        self.stage_lookup()
        self.server.get(f"{BASE}/products", json=[{"id": 1, "sellables": sellables}])

        with pytest.raises(Unsendable, match=f"MUG-BLU is .*{words}"):
            self.platform.create(order_with(lines=(replace(LINE, product_remote_id=""),)))
        assert self.writes() == []

    def test_an_order_in_another_currency_than_the_store_is_stopped(self):
        self.stage_lookup()
        self.stage_create(remote_order())

        with pytest.raises(Unsendable, match=r"CAD.*Phone in USD"):
            self.platform.create(order_with(currency="CAD"))
        assert self.writes() == []

    def test_the_store_and_the_delivery_methods_are_asked_for_once(self):
        self.stage_lookup()
        self.stage_create(remote_order())
        self.platform.create(ORDER)
        before = len(self.calls)

        self.platform.create(ORDER)

        assert [call.path for call in self.calls[before:]] == [
            "/orders",
            "/orders",
            "/customers",
            "/orders",
        ]

    def test_the_look_up_reads_every_page(self):
        full = [remote_order(number=f"OTHER-{n}", order_id=n) for n in range(1, 101)]
        paging = {"query": REFERENCE.text, "page_size": "100"}
        self.search(paging | {"page": "1"}, {"json": full})
        self.search(paging | {"page": "2"}, {"json": [remote_order()]})
        self.search(paging | {"page": "1", "status": "cancelled"}, {"json": []})

        assert [found.remote_id for found in self.platform.find_by_reference(REFERENCE)] == [
            "41001"
        ]

    def test_a_total_in_the_header_outweighs_a_short_page(self):
        paging = {"query": REFERENCE.text, "page_size": "100"}
        short = {"json": [remote_order(number="OTHER")], "headers": {"X-Total-Pages-Count": "2"}}
        self.search(paging | {"page": "1"}, short)
        self.search(paging | {"page": "2"}, {"json": [remote_order()]})
        self.search(paging | {"page": "1", "status": "cancelled"}, {"json": []})

        assert len(self.platform.find_by_reference(REFERENCE)) == 1

    def test_a_search_without_end_is_no_answer(self):
        full = [remote_order(number=f"OTHER-{n}", order_id=n) for n in range(1, 101)]
        self.server.get(f"{BASE}/orders", json=full)

        with pytest.raises(Unintelligible, match="more than 10 pages"):
            self.platform.find_by_reference(REFERENCE)


class TestTheStore(VeeqoServer):
    def connected(self, hooks):
        return connect("veeqo", Account(BASE, KEY), hooks, "9.9")

    def channels(self, *channels):
        query = {"type_code": "direct", "page_size": "100", "page": "1"}
        match = [matchers.query_param_matcher(query)]
        self.server.get(f"{BASE}/channels", json=list(channels), match=match)

    def test_the_only_direct_store_is_ours_when_none_is_set(self):
        retail = {"id": 1, "name": "Till", "type_code": "retail", "state": "active"}
        self.channels(retail, {"id": 2, "name": "Phone", "type_code": "direct", "state": "active"})
        self.stage_lookup()
        self.stage_create(remote_order())

        self.platform.create(ORDER)

        assert self.sent()[0]["order"]["channel_id"] == 2

    def test_two_direct_stores_are_a_question_for_a_person(self):
        self.channels(
            {"id": 2, "name": "Phone", "type_code": "direct", "state": "active"},
            {"id": 3, "name": "Fax", "type_code": "direct", "state": "active"},
        )
        self.stage_lookup()

        with pytest.raises(Unsendable, match=r"Phone \(2\), Fax \(3\)"):
            self.platform.create(ORDER)
