from datetime import UTC, datetime
from decimal import Decimal

import pytest

from integrations.platforms.remote import RemoteState, TrackingCode
from tests.integrations.samples import ORDER
from tests.integrations.veeqo_server import (
    BASE,
    VeeqoServer,
    remote_order,
)


class TestReading(VeeqoServer):
    @pytest.mark.parametrize(
        ("words", "state"),
        [
            ("awaiting_payment", RemoteState.AWAITING_PAYMENT),
            ("awaiting_stock", RemoteState.AWAITING_STOCK),
            ("awaiting_fulfillment", RemoteState.OPEN),
            ("shipped", RemoteState.SHIPPED),
            ("on_hold", RemoteState.ON_HOLD),
            ("cancelled", RemoteState.CANCELLED),
            ("refunded", RemoteState.REFUNDED),
            ("teleported", RemoteState.UNKNOWN),
        ],
    )
    def test_every_state_has_a_word_of_ours(self, words, state):
        self.stage_remote(remote_order(status=words))

        found = self.platform.fetch("41001")

        assert (found.state, found.words) == (state, words)

    def test_a_marketplace_order_without_people_can_be_read(self):
        self.stage_remote({"id": "41001", "deliver_to": None, "allocations": None})

        found = self.platform.fetch("41001")

        assert (found.remote_id, found.recipient, found.lines) == ("41001", None, ())

    def test_the_journey_is_told_oldest_first_in_our_words(self):
        self.server.get(
            f"{BASE}/shipping/tracking_events/72001",
            json=[
                {
                    "timestamp": "2026-09-18T19:22:00+00:00",
                    "description": "Delivered",
                    "location": "Chicago, IL, US",
                    "status": "delivered",
                },
                {
                    "timestamp": "2026-09-16T01:37:00+01:00",
                    "description": "In transit",
                    "detail": None,
                    "location": None,
                    "status": "in_transit",
                },
                {"timestamp": "2026-09-17T00:00:00Z", "description": "Odd", "status": "odd"},
                {"timestamp": "not a time", "status": "delivered"},
            ],
        )

        journey = self.platform.track(["72001"])["72001"]

        assert [event.code for event in journey.events] == [
            TrackingCode.IN_TRANSIT,
            TrackingCode.UNKNOWN,
            TrackingCode.DELIVERED,
        ]
        assert journey.events[0].at == datetime(2026, 9, 16, 0, 37, tzinfo=UTC)
        assert journey.code is TrackingCode.DELIVERED

    def test_a_shipment_unknown_there_is_absent(self):
        path = f"{BASE}/shipping/tracking_events/72001"
        self.server.get(path, status=404, json={"error_messages": "Not found"})

        assert self.platform.track(["72001"]) == {}

    def test_no_events_are_a_journey_not_begun(self):
        self.server.get(f"{BASE}/shipping/tracking_events/72001", json=[])

        assert self.platform.track(["72001"])["72001"].events == ()

    def test_orders_since_include_the_cancelled_ones_page_by_page(self):
        since = datetime(2026, 9, 14, tzinfo=UTC)
        query = {
            "updated_at_min": "2026-09-14T00:00:00Z",
            "channel_ids[]": "4200",
            "page_size": "100",
            "page": "1",
        }
        old = remote_order(7, updated_at="2026-09-01T00:00:00Z")
        self.search(query, {"json": [remote_order(1), old, {"number": "no id"}]})
        self.search(
            query | {"status": "cancelled"}, {"json": [remote_order(2, status="cancelled")]}
        )

        first = self.platform.list_orders_since(since)
        second = self.platform.list_orders_since(since, first.next_cursor)

        assert [order.remote_id for order in first.items] == ["1"]
        assert first.unreadable == ("Page 1 of orders: The order has no id.",)
        assert [order.is_cancelled for order in second.items] == [True]
        assert second.next_cursor is None

    def test_what_reconciliation_compares_is_read(self):
        method = {"id": 1200, "name": "Standard", "cost": "4.0"}
        said = {"channel": {"id": 4200}, "total_tax": 1.92, "delivery_method": method}
        self.server.get(f"{BASE}/orders/41001", json=remote_order(**said))

        found = self.platform.fetch("41001")

        assert self.platform.our_stores() == {found.store} == {"4200"}
        assert (found.tax, found.delivery) == (Decimal("1.92"), Decimal("4.0"))

    def test_products_and_stock_are_read_per_sellable(self):
        entry = {
            "warehouse_id": 501,
            "physical_stock_level": 40,
            "available_stock_level": -2,
            "infinite": False,
        }
        sellable = {
            "id": 3301,
            "sku_code": "MUG-BLU",
            "full_title": "Enamel mug Blue",
            "weight_grams": 340.0,
            "stock_entries": [entry],
            "measurement_attributes": {
                "width": 4.0,
                "height": "4.0",
                "depth": 5.0,
                "dimensions_unit": "inches",
            },
        }
        product = {"id": 2200, "origin_country": "US", "sellables": [sellable]}
        self.server.get(f"{BASE}/products", json=[product])

        found = self.platform.list_products().items[0]
        stock = self.platform.list_stock().items[0]

        assert (found.remote_id, found.sku, found.weight_grams) == ("3301", "MUG-BLU", 340)
        assert (found.length_mm, found.width_mm, found.height_mm) == (127, 102, 102)
        assert (stock.warehouse_remote_id, stock.on_hand, stock.available) == ("501", 40, -2)

    def test_services_are_what_is_quoted_between_our_warehouses(self):
        place = {
            "id": 501,
            "name": "Reno",
            "address_line_1": "12 Canal Road",
            "city": "Reno",
            "region": "NV",
            "country": "US",
            "post_code": "89501",
        }
        self.server.get(f"{BASE}/warehouses", json=[place, place | {"id": 502, "region": "CA"}])
        quotes = [
            {
                "service_id": "UPS_PTP_GND",
                "service_name": "UPS Ground",
                "service_carrier": "ups",
                "total_charge": "9.10",
                "currency": "USD",
            },
            {
                "service_id": "USPS_PTP_GAH",
                "service_name": "USPS Ground Advantage",
                "carrier_id": "USPS",
                "total_charge": "6.40",
            },
        ]
        self.server.post(f"{BASE}/shipping/api/v1/rates", json={"quotes": quotes})

        services = self.platform.list_services().items

        assert [(s.remote_id, s.carrier) for s in services] == [
            ("USPS_PTP_GAH", "usps"),
            ("UPS_PTP_GND", "ups"),
        ]
        assert self.writes() == []

    def test_prices_are_cheapest_first(self):
        quotes = [
            {"service_id": name, "service_name": name, "total_charge": total}
            for name, total in (("A", "12.00"), ("B", "$7.50"), ("C", 9))
        ]
        self.server.post(f"{BASE}/shipping/api/v1/rates", json={"quotes": quotes})

        found = self.platform.quote(ORDER)

        assert [quote.total for quote in found] == [Decimal("7.50"), Decimal(9), Decimal("12.00")]

    def test_a_probe_says_what_works(self):
        self.server.get(f"{BASE}/current_company", json={"name": "Northmill"})
        self.server.get(f"{BASE}/channels/4200", status=404, json={"error_messages": "Not found"})
        self.server.get(f"{BASE}/warehouses", json=[{"id": 501, "name": "Reno"}])

        probe = self.platform.probe()

        assert [check.works for check in probe.checks] == [True, False, True]
        assert "Northmill" in probe.checks[0].words
        assert not probe.works
