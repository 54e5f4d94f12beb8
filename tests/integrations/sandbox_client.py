"""A client for the sandbox in tests: over real HTTP, with the pieces every test needs."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.options import Options
from integrations.sandbox.process import running

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CROSSDOCK_SHARED", ROOT.parent / "shared"))
VEEQO_KEY = "sandbox-veeqo-key"
EASYSHIP_TOKEN = "sandbox-easyship-token"


def contract_file(name: str) -> Path:
    """A file of the shared contracts; skips where they are not, fails in CI."""
    path = SHARED / "contracts" / name
    if not path.exists():
        reason = f"the contract {path} is not here; set CROSSDOCK_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


Listener = Callable[[str, str, requests.Response], None]


@dataclass
class SandboxClient:
    """Calls both platforms and the control endpoints of one sandbox."""

    url: str
    bugs: list[BaseException] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def veeqo(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"x-api-key": VEEQO_KEY, **options.pop("headers", {})}
        return self._send("veeqo", method, path, f"/veeqo{path}", headers, options)

    def easyship(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {EASYSHIP_TOKEN}", **options.pop("headers", {})}
        return self._send("easyship", method, path, f"/easyship/2024-09{path}", headers, options)

    def _send(
        self, platform: str, method: str, path: str, target: str, headers: Any, options: Any
    ) -> requests.Response:
        response = self.session.request(
            method, self.url + target, headers=headers, timeout=20, **options
        )
        for listener in self.listeners:
            listener(platform, f"{method} {path}", response)
        return response

    def control(self, path: str, **body: Any) -> Any:
        """POST a body, or GET without one; the answer's JSON."""
        url = f"{self.url}/_control/{path}"
        response = (
            requests.post(url, json=body, timeout=20) if body else requests.get(url, timeout=20)
        )
        assert response.ok, response.text
        return response.json()


@contextmanager
def started(folder: Path, **options: Any) -> Iterator[SandboxClient]:
    """A sandbox in a thread of this process, on a free port, without limits unless given."""
    settings = {"veeqo_rate": (), "easyship_rate": (), "speed": 1.0, "label_seconds": 0.2}
    with running(Options(port=0, state=folder, **{**settings, **options})) as server:
        client = SandboxClient(server.url, server.bugs)
        yield client
        client.session.close()
    assert server.bugs == []


def veeqo_order(client: SandboxClient, number: str = "CD-1001", **changes: Any) -> dict[str, Any]:
    """The body of a valid order of one blue mug from the first channel."""
    products = client.veeqo("GET", "/products", params={"query": "MUG-BLU", "page_size": 100})
    sellable = products.json()[0]["sellables"][0]
    channel = client.veeqo("GET", "/channels", params={"page_size": 100}).json()[0]
    method = client.veeqo("GET", "/delivery_methods", params={"page_size": 100}).json()[-1]
    order = {
        "channel_id": channel["id"],
        "customer_attributes": {"email": "ada@example.com", "phone": "+13125550111"},
        "deliver_to_attributes": {
            "first_name": "Ada",
            "last_name": "Byrne",
            "address1": "233 S Wacker Dr",
            "address2": "Apt 4B",
            "city": "Chicago",
            "state": "IL",
            "zip": "60606",
            "country": "US",
            "phone": "+13125550111",
            "email": "ada@example.com",
        },
        "delivery_method_id": method["id"],
        "number": number,
        "line_items_attributes": [
            {"sellable_id": sellable["id"], "price_per_unit": "12.50", "quantity": 2}
        ],
        "payment_attributes": {"payment_type": "credit_card", "reference_number": "PAY-1"},
    }
    return {"order": {**order, **changes}}


def created_order(client: SandboxClient, number: str = "CD-1001", **changes: Any) -> dict[str, Any]:
    response = client.veeqo("POST", "/orders", json=veeqo_order(client, number, **changes))
    assert response.status_code == 201, response.text
    return response.json()


PACKAGE = {
    "weight": 24.0,
    "weight_unit": "oz",
    "width": 6,
    "height": 6,
    "depth": 8,
    "dimensions_unit": "inches",
    "package_provider": "CUSTOM",
    "package_selection_source": "ONE_OFF",
    "save_for_similar_shipments": False,
}
CONFIRMATION = "value_added_service__VAS_GROUP_ID_CONFIRMATION"


def quoted_rate(
    client: SandboxClient, allocation: int, title: str = "UPS Ground"
) -> dict[str, Any]:
    """Set the package and fetch the rate of a service."""
    path = f"/allocations/{allocation}/allocation_package"
    assert client.veeqo("PUT", path, json={"allocation_package": PACKAGE}).status_code == 200
    return fetched_rate(client, allocation, title)


def fetched_rate(client: SandboxClient, allocation: int, title: str) -> dict[str, Any]:
    rates = client.veeqo(
        "GET", f"/shipping/rates/{allocation}", params={"from_allocation_package": "true"}
    )
    assert rates.status_code == 200, rates.text
    return next(rate for rate in rates.json()["available"] if rate["title"] == title)


def purchase(allocation: int, rate: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body that buys a rate with the cheapest of its options."""
    names = (
        "remote_shipment_id",
        "sub_carrier_id",
        "service_carrier",
        "total_net_charge",
        "base_rate",
    )
    shipment: dict[str, Any] = {name: rate[name] for name in names}
    shipment |= {"allocation_id": allocation, "service_type": rate["name"], "carrier_id": ""}
    for option in rate["shipping_service_options"] or []:
        if option["key"].startswith("value_added_service__"):
            shipment[option["key"]] = option["values"][0]["value"]
    return {"carrier": rate["carrier"], "shipment": {**shipment, **changes}}


def bought_label(client: SandboxClient, order: dict[str, Any], title: str = "UPS Ground") -> Any:
    """Buy the label of the order's first allocation."""
    allocation = order["allocations"][0]["id"]
    rate = quoted_rate(client, allocation, title)
    response = client.veeqo("POST", "/shipping/shipments", json=purchase(allocation, rate))
    assert response.status_code == 200, response.text
    return response.json()


def easyship_services(client: SandboxClient) -> dict[str, str]:
    """Names of courier services to their ids."""
    rows = client.easyship("GET", "/courier_services", params={"per_page": 100}).json()
    return {row["name"]: row["id"] for row in rows["courier_services"]}


ORIGIN = {
    "line_1": "1500 Distribution Drive",
    "city": "Reno",
    "state": "NV",
    "postal_code": "89506",
    "country_alpha2": "US",
    "company_name": "Crossdock Supply",
    "contact_name": "Dana Whitlock",
    "contact_phone": "+17755550142",
    "contact_email": "nv@crossdock.example",
}
DESTINATION = {
    "line_1": "233 S Wacker Dr",
    "line_2": "Apt 4B",
    "city": "Chicago",
    "state": "IL",
    "postal_code": "60606",
    "country_alpha2": "US",
    "contact_name": "Ada Byrne",
    "contact_phone": "+13125550111",
    "contact_email": "ada@example.com",
}
ITEM = {
    "description": "Enamel mug, blue",
    "category": "home_decor",
    "sku": "MUG-BLU",
    "quantity": 2,
    "actual_weight": 0.34,
    "declared_currency": "USD",
    "declared_customs_value": 12.5,
}
PARCEL = {
    "total_actual_weight": 0.8,
    "box": {"length": 20, "width": 15, "height": 15},
    "items": [ITEM],
}
PRINTING = {"format": "pdf", "label": "4x6", "packing_slip": "none", "remarks": "CD-1001"}


def easyship_shipment(reference: str = "CD-1001", **changes: Any) -> dict[str, Any]:
    """The body of a valid domestic shipment."""
    shipment = {
        "origin_address": ORIGIN,
        "destination_address": DESTINATION,
        "parcels": [PARCEL],
        "order_data": {"platform_name": "Crossdock", "platform_order_number": reference},
        "metadata": {"crossdock": reference},
    }
    return {**shipment, **changes}


def created_shipment(client: SandboxClient, reference: str = "CD-1001", **changes: Any) -> Any:
    body = easyship_shipment(reference, **changes)
    response = client.easyship("POST", "/shipments", json=body)
    assert response.status_code in (201, 202), response.text
    return response.json()["shipment"]


def labelled_shipment(client: SandboxClient, reference: str = "CD-1001", **changes: Any) -> Any:
    """A shipment whose label was bought at once, as PDF, with FedEx Ground."""
    settings = {"buy_label": True, "buy_label_synchronous": True, "printing_options": PRINTING}
    courier = {"courier_service_id": easyship_services(client)["FedEx Ground"]}
    return created_shipment(
        client, reference, shipping_settings=settings, courier_settings=courier, **changes
    )


def wait_until(holds: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait for something the sandbox does by itself; fails when it does not."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def small_world(**sections: Any) -> str:
    """A world file of one warehouse and one product."""
    warehouse = {
        "code": "NV",
        "name": "Reno NV",
        "company": "Crossdock Supply",
        "contact_name": "Dana Whitlock",
        "phone": "+17755550142",
        "email": "nv@crossdock.example",
        "address_line_1": "1500 Distribution Drive",
        "city": "Reno",
        "state": "NV",
        "zip": "89506",
        "country": "US",
    }
    product = {
        "sku": "MUG-BLU",
        "name": "Enamel mug",
        "weight_grams": 340,
        "price": "12.50",
        "stock": {"NV": 5},
    }
    return json.dumps({"warehouses": [warehouse], "products": [product], **sections})
