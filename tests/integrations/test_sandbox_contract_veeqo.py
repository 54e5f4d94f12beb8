"""Every answer of the sandbox's Veeqo fits veeqo-openapi.json, over real HTTP."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from integrations.sandbox.veeqo.routes import ROUTES
from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    PACKAGE,
    SandboxClient,
    bought_label,
    created_order,
    fetched_rate,
    purchase,
    veeqo_order,
)

DOCUMENT = "urn:veeqo"
Seen = set[tuple[str, int]]


@cache
def contract() -> dict[str, Any]:
    return json.loads(sandbox_client.contract_file("veeqo-openapi.json").read_text())


def schema_of(method: str, path: str, status: int) -> str | None:
    """Pointer to the schema of an answer; None if it has no body. Fails if undocumented."""
    operation = contract()["paths"][path][method.lower()]
    response = operation["responses"].get(str(status))
    assert response is not None, f"{method} {path} does not document {status}"
    content = response.get("content", {})
    if "application/json" not in content and status >= 400 and status != 429:
        # The contract knows that 422 exists, not what its body is.
        return f"{DOCUMENT}#/components/schemas/Error"
    if "application/json" not in content:
        return None
    escaped = path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    return (
        f"{DOCUMENT}#/paths/{escaped}/{method.lower()}/responses/{status}"
        "/content/application~1json/schema"
    )


def template_of(method: str, path: str) -> str | None:
    """The documented path that a request's path fits, literal ones first."""
    bare = path.split("?")[0]
    fitting = [
        template
        for template, operations in contract()["paths"].items()
        if method.lower() in operations
        and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template.replace(".", r"\.")), bare)
    ]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def check(response: requests.Response, method: str, path: str) -> tuple[str, int]:
    """Assert that an answer fits the contract; the documented path and status."""
    template = template_of(method, path)
    status = response.status_code
    if template is None:
        assert status == 404, f"{method} {path} is not in the contract"
        return path, status
    place = schema_of(method, template, status)
    if place is None:
        assert status == 200 or not response.content
        return template, status
    registry = Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(contract()))
    validator = jsonschema.Draft202012Validator({"$ref": place}, registry=registry)
    validator.validate(response.json())
    return template, status


@contextmanager
def checked_sandbox(folder: Path) -> Iterator[tuple[SandboxClient, Seen]]:
    """A sandbox whose every Veeqo answer is checked, and what was answered so far."""
    seen: Seen = set()

    def listen(platform: str, call: str, response: requests.Response) -> None:
        method, path = call.split(" ", 1)
        template, status = check(response, method, path)
        seen.add((f"{method} {template}", status))

    with sandbox_client.started(folder) as client:
        client.listeners.append(listen)
        yield client, seen


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with checked_sandbox(tmp_path_factory.mktemp("sandbox")) as (client, _):
        yield client


def example(name: str) -> Any:
    return json.loads(sandbox_client.contract_file(f"veeqo-examples/{name}.json").read_text())


def test_the_master_lists_fit(sandbox: SandboxClient) -> None:
    for path in (
        "/products",
        "/sellables",
        "/warehouses",
        "/channels",
        "/delivery_methods",
        "/customers",
        "/orders",
        "/tags",
        "/carriers",
    ):
        assert sandbox.veeqo("GET", path).status_code == 200
    for path in ("/current_company", "/current_user"):
        assert sandbox.veeqo("GET", path).status_code == 200


def test_an_order_goes_from_creation_to_delivery(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-2001")
    shipment = bought_label(sandbox, order)
    pdf = sandbox.veeqo("GET", f"/shipping/labels.pdf?shipment_ids[]={shipment['id']}")
    assert pdf.content.startswith(b"%PDF-")
    count = sandbox.veeqo("GET", f"/shipping/labels?shipment_ids[]={shipment['id']}")
    assert count.json() == {"labels_count": 1}
    sandbox.control("advance", hours=24 * 14)

    events = sandbox.veeqo("GET", f"/shipping/tracking_events/{shipment['id']}").json()
    shown = sandbox.veeqo("GET", f"/orders/{order['id']}").json()

    assert [event["status"] for event in events][-1] == "delivered"
    assert shown["status"] == "shipped"
    assert shown["allocations"][0]["shipment"]["tracking_number"]["delivered_at"]


def test_orders_are_changed_noted_paid_and_cancelled(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-2002", payment_attributes=None)
    number = order["id"]
    assert order["status"] == "awaiting_payment"
    payment = {"payment_type": "cash", "order_id": number}
    paid = sandbox.veeqo("POST", "/payments", json={"payment_attributes": payment, "amount": 25})
    assert paid.status_code == 204
    note = sandbox.veeqo("POST", f"/orders/{number}/notes", json={"note": {"text": "Soon"}})
    assert note.status_code == 201
    change = {"order": {"due_date": "31/01/2027", "customer_note_attributes": {"text": "Ring"}}}
    changed = sandbox.veeqo("PUT", f"/orders/{number}", json=change).json()
    assert changed["due_date"] == "2027-01-31T00:00:00.000Z"
    assert sandbox.veeqo("GET", f"/orders/{number}/returns").json() == []

    cancelled = sandbox.veeqo("PUT", f"/orders/{number}/cancel", json={"cancel_reason": "Why"})

    assert cancelled.status_code == 204
    assert sandbox.veeqo("GET", f"/orders/{number}").json()["status"] == "cancelled"


def test_allocations_are_made_moved_and_removed(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-2003")
    warehouses = sandbox.veeqo("GET", "/warehouses").json()
    held = order["allocations"][0]
    line = held["line_items"][0]
    other = next(w["id"] for w in warehouses if w["id"] != held["warehouse"]["id"])
    path = f"/orders/{order['id']}/allocations"
    rows = [{"sellable_id": line["sellable"]["id"], "quantity": line["quantity"]}]
    body = {"warehouse_id": other, "line_items_attributes": rows}

    moved = sandbox.veeqo("PUT", f"{path}/{held['id']}", json=body).json()
    emptied = sandbox.veeqo("DELETE", f"{path}/{held['id']}").json()
    made = sandbox.veeqo("POST", path, json={"allocation": body})

    assert moved["warehouse"]["id"] == other
    assert emptied["allocations"] == []
    assert emptied["status"] == "awaiting_stock"
    assert made.status_code == 201
    assert made.json()["allocations"][0]["warehouse"]["id"] == other


def test_shipments_by_hand_and_their_end_fit(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-2004")
    shipment = {
        "tracking_number_attributes": {"tracking_number": "1Z999AA10123456784"},
        "carrier_id": 3,
        "notify_customer": False,
        "update_remote_order": True,
    }
    allocation = order["allocations"][0]["id"]
    body = {"shipment": shipment, "allocation_id": allocation, "order_id": order["id"]}

    made = sandbox.veeqo("POST", "/shipments", json=body)
    again = sandbox.veeqo("POST", "/shipments", json=body)
    ended = sandbox.veeqo("DELETE", f"/shipments/{made.json()['id']}")

    assert made.status_code == 201
    assert again.status_code == 400
    assert ended.status_code == 204
    shown = sandbox.veeqo("GET", f"/orders/{order['id']}").json()
    assert shown["status"] == "awaiting_fulfillment"
    assert shown["allocations"][0]["shipment"] is None


def test_master_records_are_made_changed_and_deleted(sandbox: SandboxClient) -> None:
    records = {
        "/warehouses": (
            {
                "name": "Reno 2",
                "address_line_1": "1 Road",
                "city": "Reno",
                "country": "US",
                "post_code": "89506",
            },
            {"phone": "+1"},
        ),
        "/channels": ({"name": "Phone", "type_code": "direct"}, {"name": "Telephone"}),
        "/delivery_methods": ({"name": "Courier", "cost": "3.0"}, {"cost": 4}),
        "/products": (
            {
                "product": {
                    "title": "Bowl",
                    "product_variants_attributes": [
                        {"title": "Red", "price": "8", "sku_code": "BOWL-RED"}
                    ],
                }
            },
            {"product": {"title": "Large bowl"}},
        ),
    }
    for path, (made, changed) in records.items():
        number = sandbox.veeqo("POST", path, json=made).json()["id"]
        assert sandbox.veeqo("GET", f"{path}/{number}").status_code == 200
        assert sandbox.veeqo("PUT", f"{path}/{number}", json=changed).status_code in (200, 204)
        assert sandbox.veeqo("DELETE", f"{path}/{number}").status_code in (200, 204)
        assert sandbox.veeqo("GET", f"{path}/{number}").status_code == 404


def test_customers_tags_stock_and_company_fit(sandbox: SandboxClient) -> None:
    customer = {"customer": {"email": "b@example.com", "customer_type": "retail"}}
    number = sandbox.veeqo("POST", "/customers", json=customer).json()["id"]
    assert sandbox.veeqo("GET", f"/customers/{number}").status_code == 200
    change = {"customer": {"phone": "+1", "customer_type": "business"}}
    assert sandbox.veeqo("PUT", f"/customers/{number}", json=change).status_code == 200
    order = created_order(sandbox, "CD-2005")
    tag = sandbox.veeqo("POST", "/tags", json={"name": "Fragile", "colour": "#009aed"}).json()
    tagging = {"order_ids": [order["id"]], "tag_ids": [tag["id"]]}
    assert sandbox.veeqo("POST", "/bulk_tagging", json=tagging).status_code == 204
    assert sandbox.veeqo("GET", f"/orders/{order['id']}").json()["tags"][0]["name"] == "Fragile"
    found = sandbox.veeqo("GET", "/orders?tags=Fragile").json()
    assert [row["number"] for row in found] == ["CD-2005"]
    assert sandbox.veeqo("DELETE", "/bulk_tagging", json=tagging).status_code == 204
    assert sandbox.veeqo("GET", f"/tags/{tag['id']}").status_code == 200
    assert sandbox.veeqo("DELETE", f"/tags/{tag['id']}").status_code == 204
    line = order["line_items"][0]["sellable"]
    warehouse = order["allocations"][0]["warehouse"]["id"]
    path = f"/sellables/{line['id']}/warehouses/{warehouse}/stock_entry"
    entry = {"stock_entry": {"physical_stock_level": 200, "infinite": False, "location": "2B"}}
    assert sandbox.veeqo("PUT", path, json=entry).json()["physical_stock_level"] == 200
    assert sandbox.veeqo("GET", path).json()["location"] == "2B"
    assert sandbox.veeqo("PUT", "/current_company", json={"name": "ACME"}).status_code == 204


def test_refusals_fit(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-2006")
    allocation = order["allocations"][0]["id"]
    assert sandbox.veeqo("GET", "/orders/999").json() == {"error_messages": "Not found"}
    assert sandbox.veeqo("GET", "/orders", headers={"x-api-key": "x"}).status_code == 401
    assert sandbox.veeqo("POST", "/orders", json={}).status_code == 400
    assert sandbox.veeqo("GET", "/orders?page_size=abc").json() == {"error_messages": ["Infinity"]}
    assert sandbox.veeqo("GET", "/nowhere").json() == {"status": 404, "error": "Not Found"}
    weightless = sandbox.veeqo("GET", f"/shipping/rates/{allocation}?from_allocation_package=true")
    assert weightless.status_code == 400
    assert "parcel.weight_invalid" in weightless.json()["error_messages"][0]
    bad = {"allocation_package": {**PACKAGE, "weight_unit": "stone"}}
    path = f"/allocations/{allocation}/allocation_package"
    assert sandbox.veeqo("PUT", path, json=bad).status_code == 422


SHOPPING = {
    "from_address": {"line1": "1 A St", "town": "Reno", "postcode": "89506", "country_code": "US"},
    "to_address": {"line1": "1 B St", "town": "Miami", "postcode": "33101", "country_code": "US"},
    "parcels": [{"weight": 2, "weight_unit": "lb"}],
    "customer_reference": "CD-5001",
}


def test_a_parcel_without_an_order_is_quoted(sandbox: SandboxClient) -> None:
    def shopped(**changes: Any) -> requests.Response:
        return sandbox.veeqo("POST", "/shipping/api/v1/rates", json={**SHOPPING, **changes})

    quotes = shopped().json()["quotes"]
    assert {"UPS Ground", "USPS Ground Advantage"} <= {quote["service_name"] for quote in quotes}
    everything = shopped(include_unavailable_quotes=True).json()
    assert everything["unavailable_quotes"][0]["unavailable_reasons"]
    for missing in SHOPPING:
        assert shopped(**{missing: None}).status_code == 400
    for parcels in ([], [{}], SHOPPING["parcels"] * 2, [{"weight": 0, "weight_unit": "g"}]):
        assert shopped(parcels=parcels).status_code == 400


TOURS = (
    test_a_parcel_without_an_order_is_quoted,
    test_the_master_lists_fit,
    test_an_order_goes_from_creation_to_delivery,
    test_orders_are_changed_noted_paid_and_cancelled,
    test_allocations_are_made_moved_and_removed,
    test_shipments_by_hand_and_their_end_fit,
    test_master_records_are_made_changed_and_deleted,
    test_customers_tags_stock_and_company_fit,
)


def test_every_route_was_seen_to_answer_well(tmp_path: Path) -> None:
    with checked_sandbox(tmp_path) as (client, seen):
        for tour in TOURS:
            tour(client)

    answered = {call for call, status in seen if status < 300}
    templates = {
        f"{route.method} {template_of(route.method, route.path.replace('{ext}', 'pdf'))}"
        for route in ROUTES
    }
    assert templates - answered == set()


@pytest.mark.parametrize(
    "name", ["order", "allocation", "channel", "customer", "product", "shipment", "warehouse"]
)
def test_objects_have_exactly_the_keys_of_the_wire(sandbox: SandboxClient, name: str) -> None:
    order = created_order(sandbox, f"CD-3-{name}")
    bought_label(sandbox, order)
    shown = sandbox.veeqo("GET", f"/orders/{order['id']}").json()
    allocation = shown["allocations"][0]
    found = {
        "order": shown,
        "allocation": allocation,
        "shipment": allocation["shipment"],
        "channel": shown["channel"],
        "customer": shown["customer"],
        "warehouse": allocation["warehouse"],
        "product": sandbox.veeqo("GET", "/products").json()[0],
    }[name]

    assert found.keys() == example(name).keys()


def test_nested_objects_have_exactly_the_keys_of_the_wire(sandbox: SandboxClient) -> None:
    shown = created_order(sandbox, "CD-4001")
    wire = example("order")
    line, wire_line = shown["line_items"][0], wire["line_items"][0]
    held, wire_held = shown["allocations"][0], wire["allocations"][0]

    assert line.keys() == wire_line.keys()
    assert line["sellable"].keys() == wire_line["sellable"].keys()
    assert line["sellable"]["stock_entries"][0].keys() == example("stock_entry").keys()
    assert line["sellable"]["inventory"].keys() == wire_line["sellable"]["inventory"].keys()
    assert held["line_items"][0].keys() == wire_held["line_items"][0].keys()
    assert shown["deliver_to"].keys() == wire["deliver_to"].keys()
    assert shown["billing_address"].keys() == wire["billing_address"].keys()
    assert shown["payment"].keys() == wire["payment"].keys()


def test_a_quote_has_exactly_the_keys_of_the_wire(sandbox: SandboxClient) -> None:
    shown = sandbox.veeqo("POST", "/shipping/api/v1/rates", json=SHOPPING).json()

    assert shown.keys() == example("v1_rates").keys()
    assert shown["quotes"][0].keys() == example("v1_rates")["quotes"][0].keys()


def test_a_rate_has_exactly_the_keys_of_the_wire(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-4002")
    allocation = order["allocations"][0]["id"]
    sandbox.veeqo(
        "PUT",
        f"/allocations/{allocation}/allocation_package",
        json={"allocation_package": PACKAGE},
    )

    rate = fetched_rate(sandbox, allocation, "UPS Ground")

    assert rate.keys() == example("rates")["available"][0].keys()
    assert "carrier" in purchase(allocation, rate)
    assert veeqo_order(sandbox)["order"]["number"] == "CD-1001"
