"""What Easyship would answer, staged piece by piece."""

import base64
import json
import re
from dataclasses import replace
from decimal import Decimal

from responses import matchers

from integrations.platforms import connect
from integrations.platforms.base import Account
from integrations.platforms.outbound import Origin
from tests.integrations import samples
from tests.integrations.contract_case import PlatformCase
from tests.integrations.documents import EASYSHIP
from tests.integrations.samples import (
    KEY,
    PDF,
    RECIPIENT,
    REFERENCE,
    WAREHOUSE,
)

BASE = "https://public-api.easyship.example/2024-09"


ADDRESS_ID = "01563646-58c1-4607-8fe0-cae3e33c0002"


ORDER = replace(samples.ORDER, origin=Origin("NV", WAREHOUSE, ADDRESS_ID))


SHIPMENT_ID = "ESUS10006001"


SERVICE = {
    "id": ORDER.service.remote_id,
    "name": "UPS 3 Day Select",
    "umbrella_name": "UPS",
    "courier_id": "01563646-58c1-4607-8fe0-cae3e33c0009",
}


RATE = {
    "courier_service": SERVICE,
    "total_charge": Decimal("11.8"),
    "currency": "USD",
    "min_delivery_time": 2,
    "max_delivery_time": 3,
}


PDF_DOCUMENT = {
    "category": "label",
    "format": "pdf",
    "page_size": "4x6",
    "base64_encoded_strings": [base64.b64encode(PDF).decode()],
    "url": None,
}


LINK = {
    "category": "label",
    "format": "url",
    "base64_encoded_strings": [],
    "url": "https://api.easyship.com/shipment/v1/shipments/7d1c/shipping_documents/label?page_size=4x6",
}


def shipment(shipment_id=SHIPMENT_ID, number=REFERENCE.text, **changes):
    return {
        "easyship_shipment_id": shipment_id,
        "courier_service": SERVICE,
        "currency": "USD",
        "created_at": "2026-09-14T08:21:07Z",
        "updated_at": "2026-09-14T08:21:09Z",
        "shipment_state": "created",
        "label_state": "not_created",
        "delivery_state": "not_created",
        "order_data": {"platform_name": "Crossdock", "platform_order_number": number},
        "destination_address": {
            "line_1": RECIPIENT.line_1,
            "line_2": RECIPIENT.line_2,
            "city": "Chicago",
            "state": "IL",
            "postal_code": "60606",
            "country_alpha2": "US",
            "contact_name": RECIPIENT.name,
            "company_name": RECIPIENT.company,
            "contact_phone": RECIPIENT.phone,
            "contact_email": RECIPIENT.email,
        },
        "origin_address": {"line_1": WAREHOUSE.line_1, "city": "Reno", "country_alpha2": "US"},
        "parcels": [{"items": [{"sku": "MUG-BLU", "quantity": 2, "declared_customs_value": 12.5}]}],
        "rates": [RATE],
        "shipping_documents": [],
        "trackings": [],
        "last_failure_http_response_messages": [],
    } | changes


def labelled(**changes):
    return (
        shipment(
            label_state="generated",
            shipping_documents=[PDF_DOCUMENT],
            tracking_page_url=f"https://www.trackmyshipment.co/shipment-tracking/{SHIPMENT_ID}",
            trackings=[
                {"leg_number": 1, "handler": "ups", "tracking_number": "1Z999AA10123456784"}
            ],
        )
        | changes
    )


def single(body, **meta):
    return json.dumps(
        {"shipment": body, "meta": {"request_id": "d5ef11f69aca3590e60f4a13e0f11056"} | meta},
        default=float,
    )


def listed(*bodies, following=None, page=1):
    pagination = {"page": page, "next": following, "count": None}
    return json.dumps({"shipments": bodies, "meta": {"pagination": pagination}}, default=float)


class EasyshipServer(PlatformCase):
    """Stages what Easyship would answer."""

    anything = re.compile(re.escape(BASE))
    order = ORDER
    document = EASYSHIP
    host = BASE
    create_path = "/shipments"
    remote_id = SHIPMENT_ID
    another_id = "ESUS10009999"

    def connected(self, hooks):
        return connect("easyship", Account(BASE, KEY), hooks, "9.9")

    def remote(self, remote_id, *, number=REFERENCE.text, cancelled=False, label=None):
        if cancelled:
            return shipment(remote_id, number, shipment_state="cancelled")
        if label:
            state = "in_transit_to_customer" if label == "on its way" else "pending"
            return labelled(easyship_shipment_id=remote_id, delivery_state=state)
        return shipment(remote_id, number)

    def refusal(self, reason):
        error = {
            "code": "invalid_content",
            "type": "invalid_request_error",
            "message": "The request body content is not valid.",
            "details": [reason],
        }
        return {"status": 422, "json": {"error": error}}

    def stage_lookup(self, *orders, **answer):
        query = {"platform_order_number": REFERENCE.text, "page": "1", "per_page": "100"}
        self.server.get(
            f"{BASE}/shipments",
            **(answer or {"body": listed(*orders)}),
            match=[matchers.query_param_matcher(query)],
        )

    def stage_create(self, order=None, **answer):
        self.server.post(f"{BASE}/shipments", **(answer or {"status": 201, "body": single(order)}))

    def stage_remote(self, order=None, **answer):
        self.server.get(f"{BASE}/shipments/{SHIPMENT_ID}", **(answer or {"body": single(order)}))

    def stage_update(self, order):
        self.server.patch(f"{BASE}/shipments/{SHIPMENT_ID}", body=single(order))

    def stage_prices(self):
        """They are in the shipment."""

    def stage_no_price(self, reason):
        self.server.reset()
        self.stage_remote(shipment(rates=[]))
        courier = {"id": SERVICE["id"], "name": SERVICE["name"], "message": reason}
        path = f"{BASE}/shipments/{SHIPMENT_ID}/unavailable_couriers"
        self.server.get(path, json={"unavailable_couriers": [courier]})

    def stage_purchase(self, **answer):
        path = f"{BASE}/shipments/{SHIPMENT_ID}/label"
        self.server.post(path, **(answer or {"status": 201, "body": single(labelled())}))

    def stage_label_file(self, **answer):
        """It is in the shipment."""

    def stage_cancelled(self, order):
        self.stage_remote(order | {"label_state": "generated"})
        path = f"{BASE}/shipments/{SHIPMENT_ID}/cancel"
        message = {"success": {"message": "Shipment successfully cancelled"}}
        self.server.post(path, json=message)
        self.stage_remote(order | {"shipment_state": "cancelling", "label_state": "generated"})

    def sent(self, method="POST", path="/shipments"):
        return [
            json.loads(call.request.body)
            for call in self.server.calls
            if call.request.method == method and call.request.url.split("?")[0] == BASE + path
        ]
