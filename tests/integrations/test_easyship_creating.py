from dataclasses import replace
from decimal import Decimal

import pytest
from responses import matchers

from integrations.platforms.easyship.addresses import destination_body, origin_body
from integrations.platforms.errors import (
    Refused,
    Unsendable,
)
from integrations.platforms.outbound import Battery, Origin
from tests.integrations.easyship_server import (
    ADDRESS_ID,
    BASE,
    ORDER,
    SERVICE,
    SHIPMENT_ID,
    EasyshipServer,
    listed,
    shipment,
    single,
)
from tests.integrations.samples import (
    KEY,
    RECIPIENT,
    REFERENCE,
    WAREHOUSE,
    customs_with,
    line_with,
)


class TestCreating(EasyshipServer):
    def create(self, order=ORDER):
        self.stage_lookup()
        self.stage_create(shipment())
        self.platform.create(order)
        return self.sent()[0]

    def test_the_key_is_a_bearer_token(self):
        self.create()

        assert self.server.calls[0].request.headers["Authorization"] == f"Bearer {KEY}"

    def test_no_label_is_bought_while_creating(self):
        assert self.create()["shipping_settings"]["buy_label"] is False

    def test_neither_fallback_nor_rules_may_replace_our_service(self):
        assert self.create()["courier_settings"] == {
            "courier_service_id": ORDER.service.remote_id,
            "allow_fallback": False,
            "apply_shipping_rules": False,
        }

    def test_the_parcel_is_told_in_grams_and_centimetres(self):
        body = self.create()

        assert body["shipping_settings"]["units"] == {"weight": "g", "dimensions": "cm"}
        assert body["parcels"][0]["total_actual_weight"] == 680
        assert body["parcels"][0]["box"] == {"length": 20.3, "width": 15.2, "height": 15}

    def test_the_hs_code_is_told_in_digits(self):
        item = self.create()["parcels"][0]["items"][0]

        assert item["hs_code"] == "73239400"
        assert "category" not in item

    def test_without_an_hs_code_the_category_is_told(self):
        line = customs_with(hs_code="", category="home_decor")

        assert self.create(replace(ORDER, lines=(line,)))["parcels"][0]["items"][0]["category"] == (
            "home_decor"
        )

    def test_a_battery_in_a_device_is_declared(self):
        line = customs_with(battery=Battery.ION_IN_DEVICE)

        item = self.create(replace(ORDER, lines=(line,)))["parcels"][0]["items"][0]

        assert item["contains_battery_pi967"] is True

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            (customs_with(hs_code="", category=""), "neither an HS code nor a category"),
            (customs_with(battery=Battery.ION_ALONE), "battery .* cannot be declared"),
            (customs_with(battery=Battery.METAL_IN_DEVICE), "battery .* cannot be declared"),
            (customs_with(unit_value=Decimal(0)), "value above zero"),
            (line_with(weight_grams=0), "weight above zero"),
            (customs_with(unit_value=Decimal("1.12345678901234567890")), "too many digits"),
        ],
    )
    def test_goods_that_cannot_be_declared_are_not_sent(self, line, words):
        self.stage_lookup()

        with pytest.raises(Unsendable, match=words):
            self.platform.create(replace(ORDER, lines=(line,)))
        assert self.writes() == []

    def test_a_warehouse_with_a_mapping_is_named_by_its_id_only(self):
        body = self.create()

        assert body["origin_address_id"] == ADDRESS_ID
        assert "origin_address" not in body

    def test_a_warehouse_without_a_mapping_is_told_as_an_address(self):
        body = self.create(replace(ORDER, origin=Origin("NV", WAREHOUSE)))

        assert body["origin_address"]["contact_email"] == WAREHOUSE.email
        assert "origin_address_id" not in body

    def test_a_long_street_is_folded_between_words(self):
        street = "1200 Northwest Pennsylvania Avenue Building 7"
        recipient = replace(RECIPIENT, line_1=street, line_2="")

        address = self.create(replace(ORDER, recipient=recipient))["destination_address"]

        assert (address["line_1"], address["line_2"]) == (
            "1200 Northwest Pennsylvania Avenue",
            "Building 7",
        )

    @pytest.mark.parametrize("street", ["Long street " * 10, "x" * 36])
    def test_a_street_that_does_not_fit_is_not_cut(self, street):
        self.stage_lookup()
        recipient = replace(RECIPIENT, line_1=street)

        with pytest.raises(Unsendable, match="two lines of 35"):
            self.platform.create(replace(ORDER, recipient=recipient))

    def test_everything_missing_is_said_at_once(self):
        self.stage_lookup()
        recipient = replace(RECIPIENT, email="", phone="", name="x" * 51)

        with pytest.raises(Unsendable) as caught:
            self.platform.create(replace(ORDER, recipient=recipient))
        assert str(caught.value) == (
            "This cannot be sent to Easyship: The recipient has no phone number, e-mail address"
            " and has too long a name (at most 50 characters). Correct it and send it again."
        )

    @pytest.mark.parametrize(
        ("part", "most", "called"),
        [
            ("name", 50, "name"),
            ("company", 50, "company"),
            ("phone", 20, "phone number"),
            ("email", 50, "e-mail address"),
        ],
    )
    def test_a_recipient_fits_to_the_last_character(self, part, most, called):
        fitting = replace(RECIPIENT, **{part: "x" * most})
        destination_body(fitting, "")

        with pytest.raises(Unsendable, match=rf"too long a {called} \(at most {most} char"):
            destination_body(replace(RECIPIENT, **{part: "x" * (most + 1)}), "")

    @pytest.mark.parametrize(
        ("part", "most", "called"),
        [
            ("name", 22, "name"),
            ("company", 27, "company"),
            ("phone", 20, "phone number"),
            ("email", 50, "e-mail address"),
        ],
    )
    def test_a_warehouse_fits_to_the_last_character(self, part, most, called):
        origin_body(replace(WAREHOUSE, **{part: "x" * most}))

        with pytest.raises(Unsendable, match=rf"warehouse has too long a {called}"):
            origin_body(replace(WAREHOUSE, **{part: "x" * (most + 1)}))
        with pytest.raises(Unsendable, match=rf"warehouse has no {called}"):
            origin_body(replace(WAREHOUSE, **{part: ""}))

    def test_a_note_for_the_driver_has_an_end(self):
        assert destination_body(RECIPIENT, "x" * 200)["delivery_instructions"] == "x" * 200
        with pytest.raises(Unsendable, match="delivery note"):
            destination_body(RECIPIENT, "x" * 201)

    def test_half_a_success_is_created_with_the_reason_kept(self):
        self.stage_lookup()
        no_rates = shipment(courier_service=None, rates=[])
        errors = ["Sorry, we couldn't find any shipping solutions."]
        body = single(no_rates, status="partial_success", errors=errors)
        self.stage_create(status=202, body=body)

        created = self.platform.create(ORDER)

        assert created.remote_id == SHIPMENT_ID
        assert created.service_remote_id == ""
        assert created.remarks == tuple(errors)

    def test_the_look_up_reads_every_page(self):
        for page, body in (
            ("1", listed(shipment(number="OTHER"), following=2)),
            ("2", listed(shipment(), page=2)),
        ):
            query = {"platform_order_number": REFERENCE.text, "page": page, "per_page": "100"}
            match = [matchers.query_param_matcher(query)]
            self.server.get(f"{BASE}/shipments", body=body, match=match)

        assert len(self.platform.find_by_reference(REFERENCE)) == 1

    def test_a_list_that_points_back_is_not_read_for_ever(self):
        self.server.get(f"{BASE}/shipments", body=listed(following=1))

        assert self.platform.find_by_reference(REFERENCE) == ()


class TestPreparing(EasyshipServer):
    def test_another_service_is_replaced_by_ours(self):
        other = SERVICE | {"id": "01563646-0000-0000-0000-000000000000"}
        self.stage_remote(shipment(courier_service=other))
        self.server.patch(f"{BASE}/shipments/{SHIPMENT_ID}", body=single(shipment()))

        assert self.platform.prepare(ORDER, SHIPMENT_ID).service_remote_id == SERVICE["id"]
        assert (
            self.sent("PATCH", f"/shipments/{SHIPMENT_ID}")[0]["courier_settings"][
                "courier_service_id"
            ]
            == SERVICE["id"]
        )

    def test_a_service_that_cannot_be_had_is_refused_with_the_reason(self):
        self.stage_no_price("Destination not served")
        self.server.replace(
            "GET", f"{BASE}/shipments/{SHIPMENT_ID}", body=single(shipment(courier_service=None))
        )
        self.server.patch(
            f"{BASE}/shipments/{SHIPMENT_ID}", body=single(shipment(courier_service=None))
        )

        with pytest.raises(Refused, match="Destination not served"):
            self.platform.prepare(ORDER, SHIPMENT_ID)
