"""What Veeqo would answer, staged piece by piece."""

import json
import re

from responses import matchers

from integrations.platforms import connect
from integrations.platforms.base import Account
from tests.integrations.contract_case import PlatformCase
from tests.integrations.documents import VEEQO
from tests.integrations.samples import KEY, REFERENCE

BASE = "https://api.veeqo.example"


ORDER_ID = 41001


ADDRESS = {
    "id": 8101,
    "first_name": "Ada Maria",
    "last_name": "Byrne",
    "email": "ada.byrne@example.com",
    "company": "Byrne Looms",
    "address1": "233 S Wacker Dr",
    "address2": "Apt 4B",
    "city": "Chicago",
    "country": "US",
    "state": "IL",
    "zip": "60606",
    "phone": "+13125550111",
}


PACKAGE = {
    "id": 66001,
    "depth": 20.3,
    "width": 15.2,
    "height": 15,
    "dimensions_unit": "cm",
    "weight": 680,
    "weight_unit": "g",
}


SHIPMENT = {
    "id": 72001,
    "tracking_number": {"id": 81001, "tracking_number": "1Z999AA10123456784"},
    "sub_carrier_id": "UPS",
    "outbound_label_charges": {"unit": "USD", "value": 11.8},
    "carrier": {"id": 3, "name": "Other"},
}


OPTIONS = [
    {
        "key": "value_added_service__VAS_GROUP_ID_CONFIRMATION",
        "values": [
            {"value": "SIGNATURE_CONFIRMATION", "price": 5.9, "currency": "USD"},
            {"value": "NO_CONFIRMATION", "price": 0, "currency": "USD"},
        ],
        "default": None,
    },
    {"key": "liability_amount", "values": [], "default": None},
    {"key": "try_inbound_label", "values": [], "default": None},
]


RATE = {
    "carrier": "amazon_shipping_v2",
    "name": "amazon_shipping_v2-0b7a0c2e",
    "title": "UPS 3 Day Select",
    "total_net_charge": "11.80",
    "base_rate": "11.80",
    "currency": "$",
    "remote_shipment_id": "prb1a2b3c4d",
    "expected_delivery_days": 4,
    "sub_carrier_id": "UPS",
    "service_carrier": "ups",
    "shipping_service_options": OPTIONS,
    "service_id": "UPS_PTP_3DAY_SELECT",
    "delivery_promise_date": "2026-09-18T07:59:59+01:00",
}


OTHER_RATE = RATE | {
    "name": "amazon_shipping_v2-5d0c",
    "title": "USPS Ground Advantage",
    "service_id": "USPS_PTP_GAH",
    "total_net_charge": "6.40",
    "sub_carrier_id": "USPS",
    "service_carrier": "usps",
}


def allocation(allocation_id=55001, warehouse=501, quantity=2, **changes):
    return {
        "id": allocation_id,
        "line_items": [{"quantity": quantity, "sellable": {"id": 3301, "sku_code": "MUG-BLU"}}],
        "warehouse": {"id": warehouse, "name": "Reno"},
        "allocation_package": PACKAGE,
        "shipment": None,
    } | changes


def remote_order(order_id=ORDER_ID, number=REFERENCE.text, **changes):
    return {
        "id": order_id,
        "number": number,
        "status": "awaiting_fulfillment",
        "cancelled_at": None,
        "deliver_to": ADDRESS,
        "total_price": 25.0,
        "currency_code": "USD",
        "created_at": "2026-09-14T08:21:07.000Z",
        "updated_at": "2026-09-14T08:21:07.998Z",
        "line_items": [
            {"price_per_unit": 12.5, "quantity": 2, "sellable": {"id": 3301, "sku_code": "MUG-BLU"}}
        ],
        "allocations": [allocation()],
    } | changes


def on_its_way():
    number = SHIPMENT["tracking_number"] | {"in_transit_at": "2026-09-16T00:37:00+00:00"}
    return SHIPMENT | {"tracking_number": number}


class VeeqoServer(PlatformCase):
    """Stages what Veeqo would answer."""

    anything = re.compile(re.escape(BASE))
    document = VEEQO
    host = BASE
    create_path = "/orders"
    remote_id = str(ORDER_ID)
    another_id = "41999"
    # Moving the allocation, looking at it again, and setting the parcel; removing a label.
    calls_to_shape = 3
    calls_to_void = 1

    def connected(self, hooks):
        return connect("veeqo", Account(BASE, KEY, channel_id="4200"), hooks, "9.9")

    def remote(self, remote_id, *, number=REFERENCE.text, cancelled=False, label=None):
        order = remote_order(int(remote_id), number)
        if cancelled:
            order |= {"status": "cancelled", "cancelled_at": "2026-09-15T08:00:00.000Z"}
        if label:
            shipment = SHIPMENT if label == "ready" else on_its_way()
            order |= {"status": "shipped", "allocations": [allocation(shipment=shipment)]}
        return order

    def refusal(self, reason):
        return {"status": 400, "json": {"error_messages": [reason]}}

    def stage_lookup(self, *orders, **answer):
        live = [order for order in orders if order["status"] != "cancelled"]
        cancelled = [order for order in orders if order["status"] == "cancelled"]
        paging = {"query": REFERENCE.text, "page_size": "100", "page": "1"}
        self.search(paging, answer or {"json": live})
        self.search(paging | {"status": "cancelled"}, answer or {"json": cancelled})

    def search(self, query, answer):
        self.server.get(f"{BASE}/orders", **answer, match=[matchers.query_param_matcher(query)])

    def stage_create(self, order=None, **answer):
        channel = {"id": 4200, "name": "Phone", "currency_code": "USD", "type_code": "direct"}
        self.server.get(f"{BASE}/channels/4200", json=channel)
        self.server.get(f"{BASE}/delivery_methods", json=[{"id": 1200, "name": "Standard"}])
        self.server.get(f"{BASE}/customers", json=[])
        self.server.post(f"{BASE}/orders", **(answer or {"status": 201, "json": order}))

    def stage_remote(self, order=None, **answer):
        self.server.get(f"{BASE}/orders/{ORDER_ID}", **(answer or {"json": order}))

    def stage_update(self, order):
        self.server.put(f"{BASE}/orders/{ORDER_ID}", json=order)

    def stage_prices(self, *rates):
        offers = {"available": list(rates or (OTHER_RATE, RATE)), "unavailable": []}
        self.server.get(f"{BASE}/shipping/rates/55001", json=offers)

    def stage_no_price(self, reason):
        unavailable = {"title": "UPS 3 Day Select", "unavailable_reasons": [{"message": reason}]}
        offers = {"available": [OTHER_RATE], "unavailable": [unavailable]}
        self.server.get(f"{BASE}/shipping/rates/55001", json=offers)

    def stage_purchase(self, **answer):
        self.server.post(f"{BASE}/shipping/shipments", **(answer or {"json": SHIPMENT}))

    def stage_label_file(self, **answer):
        self.server.get(f"{BASE}/shipping/labels.pdf", content_type="application/pdf", **answer)

    def stage_cancelled(self, order):
        self.stage_remote(order)
        self.server.put(f"{BASE}/orders/{ORDER_ID}/cancel", status=204)
        cancelled = order | {"status": "cancelled", "cancelled_at": "2026-09-15T08:00:00.000Z"}
        self.stage_remote(cancelled)

    def sent(self, method="POST", path="/orders"):
        """Bodies we sent there."""
        return [
            json.loads(call.request.body)
            for call in self.server.calls
            if call.request.method == method and call.request.url.split("?")[0] == BASE + path
        ]
