import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from responses import matchers

from integrations.platforms.remote import RemoteProduct, RemoteState, TrackingCode
from tests.integrations.easyship_server import (
    BASE,
    ORDER,
    RATE,
    SERVICE,
    SHIPMENT_ID,
    EasyshipServer,
    listed,
    shipment,
)


class TestReading(EasyshipServer):
    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({"shipment_state": "cancelling"}, RemoteState.CANCELLING),
            ({"shipment_state": "discarded"}, RemoteState.CANCELLED),
            ({"delivery_state": "info_received"}, RemoteState.OPEN),
            ({"delivery_state": "out_for_delivery"}, RemoteState.SHIPPED),
            ({"delivery_state": "delivered"}, RemoteState.DELIVERED),
            ({"delivery_state": "lost_by_courier"}, RemoteState.LOST),
            ({"delivery_state": "returned_to_shipper"}, RemoteState.RETURNED),
            ({"delivery_state": "teleported"}, RemoteState.UNKNOWN),
        ],
    )
    def test_every_state_has_a_word_of_ours(self, changes, state):
        self.stage_remote(shipment(**changes))

        assert self.platform.fetch(SHIPMENT_ID).state is state

    def test_many_parcels_are_tracked_in_one_call(self):
        checkpoints = [
            {
                "checkpoint_time": "2026-09-18T19:22:00Z",
                "message": "Left at door",
                "primary_status": "Delivered",
                "city": "Chicago",
                "state": "IL",
                "country_name": "United States",
                "order_number": 3,
            },
            {
                "checkpoint_time": "2026-09-18T19:22:00Z",
                "message": "On the van",
                "primary_status": "Out For Delivery",
                "location": "Chicago hub",
                "order_number": 2,
            },
        ]
        tracked = {
            "easyship_shipment_id": SHIPMENT_ID,
            "status": "Delivered",
            "eta_date": "2026-09-18",
            "checkpoints": checkpoints,
            "trackings": [],
        }
        query = {
            "easyship_shipment_id": f"{SHIPMENT_ID},ESUS7",
            "include_checkpoints": "true",
            "per_page": "100",
        }
        self.server.get(
            f"{BASE}/shipments/trackings",
            json={"shipments": [tracked]},
            match=[matchers.query_param_matcher(query)],
        )

        journeys = self.platform.track([SHIPMENT_ID, "ESUS7"])

        assert list(journeys) == [SHIPMENT_ID]
        journey = journeys[SHIPMENT_ID]
        assert journey.code is TrackingCode.DELIVERED
        assert [event.code for event in journey.events] == [
            TrackingCode.OUT_FOR_DELIVERY,
            TrackingCode.DELIVERED,
        ]
        assert [event.place for event in journey.events] == [
            "Chicago hub",
            "Chicago, IL, United States",
        ]
        assert journey.expected_at == datetime(2026, 9, 18, tzinfo=UTC)

    def test_tracking_nothing_asks_nothing(self):
        assert self.platform.track([]) == {}

    def test_a_journey_before_any_scan_has_no_events(self):
        tracked = {
            "easyship_shipment_id": SHIPMENT_ID,
            "status": "Label Ready",
            "checkpoints": None,
        }
        self.server.get(f"{BASE}/shipments/trackings", json={"shipments": [tracked]})

        journey = self.platform.track([SHIPMENT_ID])[SHIPMENT_ID]

        assert (journey.code, journey.events) == (TrackingCode.ANNOUNCED, ())

    def test_orders_since_are_read_page_by_page(self):
        since = datetime(2026, 9, 14, tzinfo=UTC)
        for page, following in (("1", 2), ("2", None)):
            query = {"updated_at_from": "2026-09-14T00:00:00Z", "page": page, "per_page": "100"}
            body = listed(shipment(f"ESUS{page}"), following=following, page=int(page))
            match = [matchers.query_param_matcher(query)]
            self.server.get(f"{BASE}/shipments", body=body, match=match)

        first = self.platform.list_orders_since(since)
        second = self.platform.list_orders_since(since, first.next_cursor)

        assert [page.items[0].remote_id for page in (first, second)] == ["ESUS1", "ESUS2"]
        assert second.next_cursor is None

    def test_shipments_of_other_shops_name_their_shop(self):
        shops = ("Crossdock", None, "Shopify")
        made = [
            shipment(f"ES{n}", order_data={"platform_name": name}) for n, name in enumerate(shops)
        ]
        self.server.get(f"{BASE}/shipments", body=listed(*made))

        found = self.platform.list_orders_since(datetime(2026, 9, 14, tzinfo=UTC)).items

        stores = self.platform.our_stores()
        assert [each.store in stores for each in found] == [True, True, False]

    def test_an_entry_without_an_id_is_reported_and_not_dropped(self):
        self.server.get(f"{BASE}/shipments", body=listed({"currency": "USD"}, shipment()))

        page = self.platform.list_orders_since(datetime(2026, 9, 14, tzinfo=UTC))

        assert len(page.items) == 1
        assert page.unreadable == ("The shipment has no easyship_shipment_id (shipments).",)

    def test_a_probe_says_what_works(self):
        credit = {"available_balance": 100, "currency": "USD"}
        self.server.get(
            f"{BASE}/account", json={"account": {"name": "Northmill", "credit": credit}}
        )
        self.server.get(f"{BASE}/shipments", body=listed())
        services = [{"id": SERVICE["id"], "name": "UPS Ground", "umbrella_name": "UPS"}]
        self.server.get(f"{BASE}/courier_services", json={"courier_services": services})
        self.server.get(f"{BASE}/addresses", **self.refusal("x") | {"status": 403})

        probe = self.platform.probe()

        assert [check.works for check in probe.checks] == [True, True, True, False]
        assert "Northmill with 100 USD credit" in probe.checks[0].words

    def test_prices_are_cheapest_first(self):
        dear = RATE | {"total_charge": 40.0, "courier_service": SERVICE | {"id": "x"}}
        rates = json.dumps({"rates": [dear, RATE, {"courier_service": None}]}, default=float)
        self.server.post(f"{BASE}/rates", body=rates)

        quotes = self.platform.quote(ORDER)

        assert [quote.total for quote in quotes] == [Decimal("11.8"), Decimal("40.0")]
        assert self.writes() == []

    def test_products_are_read_in_our_units(self):
        product = {
            "id": "01563646",
            "identifier": "MUG-BLU",
            "name": "Mug",
            "weight": 0.34,
            "length": 12.5,
            "width": 10,
            "height": None,
            "hs_code": "73239400",
        }
        self.server.get(f"{BASE}/products", json={"products": [product], "meta": {}})

        found = self.platform.list_products().items[0]

        assert found == RemoteProduct(
            remote_id="01563646",
            sku="MUG-BLU",
            title="Mug",
            weight_grams=340,
            length_mm=125,
            width_mm=100,
            height_mm=None,
            hs_code="73239400",
        )
