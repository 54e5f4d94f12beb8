"""No request, however odd, is met with anything but a platform's answer."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.sandbox.easyship.routes import OPERATIONS
from integrations.sandbox.messages import Request, words
from integrations.sandbox.options import Options
from integrations.sandbox.sandbox import Sandbox
from integrations.sandbox.veeqo.routes import ROUTES
from tests.integrations.sandbox_client import (
    DESTINATION,
    EASYSHIP_TOKEN,
    ORIGIN,
    PACKAGE,
    PARCEL,
    VEEQO_KEY,
    easyship_shipment,
)

HEADERS = {"x-api-key": VEEQO_KEY, "authorization": f"Bearer {EASYSHIP_TOKEN}", "user-agent": "t"}
ADDRESS = {"first_name": "A", "address1": "1 Road", "city": "Reno", "country": "US", "zip": "1"}
LINES = [{"sellable_id": 3301, "price_per_unit": "1.5", "quantity": 1}]
PRODUCT = {
    "title": "A",
    "product_variants_attributes": [
        {"id": 3301, "title": "x", "price": 1, "sku_code": "A", "weight_grams": 1}
    ],
    "images_attributes": [{"src": "x"}],
    "tags_attributes": [{"name": "x"}],
}
CUSTOMER = {"email": "a@b.c", "customer_type": "retail", "notes": "x"}
ORDER = {
    "channel_id": 4200,
    "customer_attributes": {**CUSTOMER, "billing_address_attributes": ADDRESS},
    "deliver_to_attributes": ADDRESS,
    "delivery_method_id": 1200,
    "number": "CD-1",
    "due_date": "31/01/2027",
    "dispatch_date": "2027-01-31",
    "delivery_cost": "1",
    "line_items_attributes": [{**LINES[0], "tax_rate": 0.1, "additional_options": "x"}],
    "payment_attributes": {"payment_type": "cash", "reference_number": "x"},
    "employee_notes_attributes": [{"text": "x"}],
    "customer_note_attributes": {"text": "x"},
    "total_tax": "1",
}
PURCHASE = {
    "allocation_id": 55001,
    "service_type": "x",
    "remote_shipment_id": "x",
    "sub_carrier_id": "UPS",
    "total_net_charge": "1",
    "base_rate": "1",
}
HAND_MADE = {
    "carrier_id": 3,
    "notify_customer": False,
    "tracking_number_attributes": {"tracking_number": "x"},
}
ALLOCATION = {"warehouse_id": 501, "line_items_attributes": LINES}
SHIPMENT = easyship_shipment(
    "CD-1",
    courier_settings={"allow_fallback": True},
    shipping_settings={"buy_label": True, "units": {"weight": "lb", "dimensions": "in"}},
    insurance={"is_insured": True},
    regulatory_identifiers={"eori": "x"},
)
BOX = {"name": "x", "outer_length": 1, "outer_width": 1, "outer_height": 1, "weight": 1}
WEBHOOK = {
    "endpoint": "http://127.0.0.1:9/",
    "event_types": ["batch_started"],
    "version": "2024-09",
}
WAREHOUSE = {
    "name": "x",
    "address_line_1": "x",
    "city": "x",
    "country": "US",
    "post_code": "x",
    "cut_off_times": {},
}
VEEQO_BODIES: dict[str, Any] = {
    "/orders": {"order": ORDER},
    "/orders/{order_id}": {"order": ORDER},
    "/orders/{order_id}/cancel": {"cancel_reason": "x"},
    "/orders/{order_id}/notes": {"note": {"text": "x"}},
    "/orders/{order_id}/allocations": {"allocation": ALLOCATION},
    "/orders/{order_id}/allocations/{allocation_id}": ALLOCATION,
    "/allocations/{allocation_id}/allocation_package": {"allocation_package": PACKAGE},
    "/shipping/api/v1/rates": {
        "from_address": {"line1": "x", "town": "x", "postcode": "x", "country_code": "US"},
        "to_address": {"line1": "x", "town": "x", "postcode": "x", "country_code": "US"},
        "parcels": [{"weight": 1, "weight_unit": "lb"}],
        "customer_reference": "x",
    },
    "/shipping/shipments": {"carrier": "amazon_shipping_v2", "shipment": PURCHASE},
    "/shipments": {"shipment": HAND_MADE, "allocation_id": 55001, "order_id": 41001},
    "/payments": {"payment_attributes": {"payment_type": "cash", "order_id": 41001}},
    "/customers": {"customer": CUSTOMER},
    "/customers/{id}": {"customer": CUSTOMER},
    "/products": {"product": PRODUCT},
    "/products/{id}": {"product": PRODUCT},
    "/sellables/{sellable_id}/warehouses/{warehouse_id}/stock_entry": {
        "stock_entry": {"physical_stock_level": 5, "infinite": False, "location": "x"}
    },
    "/tags": {"name": "x", "colour": "x"},
    "/bulk_tagging": {"order_ids": [41001], "tag_ids": [14101]},
    "/delivery_methods": {"name": "x", "cost": "1"},
    "/delivery_methods/{id}": {"name": "x", "cost": "1"},
    "/channels": {"name": "x", "type_code": "direct", "default_warehouse_id": 501},
    "/channels/{id}": {"name": "x"},
    "/warehouses": WAREHOUSE,
    "/warehouses/{id}": WAREHOUSE,
    "/current_company": {"name": "x"},
}
EASYSHIP_BODIES: dict[str, Any] = {
    "/rates": {
        "origin_address": ORIGIN,
        "destination_address": DESTINATION,
        "parcels": [PARCEL],
        "filter_options": {"courier_service_ids": []},
        "shipping_settings": {"units": {"weight": "g"}, "output_currency": "USD"},
    },
    "/shipments": SHIPMENT,
    "/shipments/{easyship_shipment_id}": SHIPMENT,
    "/shipments/{shipment_id}/label": {"printing_options": {"format": "pdf", "remarks": "x"}},
    "/batches/labels": {"shipments": [{"easyship_shipment_id": "ESUS10006001"}]},
    "/trackings": {
        "tracking_number": "x",
        "courier_service_name": "x",
        "destination_address": DESTINATION,
        "origin_address": ORIGIN,
        "items": [{"description": "x", "quantity": 1}],
    },
    "/sandbox/trackings/{tracking_id}": {"status_slug": "delivered"},
    "/addresses": {**ORIGIN, "default_for": {"sender": True}},
    "/addresses/{address_id}": {**ORIGIN, "default_for": {"sender": True}},
    "/boxes": BOX,
    "/boxes/{box_id}": {"is_active": True},
    "/products": {"identifier": "x", "name": "x", "weight": 1, "item_category_id": 1},
    "/products/{product_id}": {"identifier": "y", "name": "x", "cost_price": 2},
    "/webhooks": WEBHOOK,
    "/webhooks/{webhook_id}": WEBHOOK,
}
CALLS = [(f"/veeqo{r.path}", r.method, VEEQO_BODIES.get(r.path)) for r in ROUTES]
CALLS += [
    (f"/easyship{path}", method, EASYSHIP_BODIES.get(path.removeprefix("/2024-09")))
    for method, path in OPERATIONS
    if "/test" not in path
]
WRITES = [call for call in CALLS if call[1] in ("POST", "PUT", "PATCH") and call[2]]
JUNK: list[Any] = [
    *(None, True, False, 0, -1, 1, 3.7, 10**20, 1e300, "", " ", "x", "0", "-1", "41001", "3301"),
    *("USD", "US", "2027-01-01", "31/01/2027", "true", "x" * 300, "\x00", "\ud83d", "1e5", "NaN"),
    *([], {}, [None], [[]], [1], ["x"], {"x": 1}, {"id": 1}, [{}], [{"x": []}], {"": None}),
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    rows = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, inner in rows:
        yield from places(inner, (*path, key))


def replaced(body: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copied = copy.deepcopy(body)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return copied


QUERY_NAMES = words(
    "page page_size per_page query status created_at_from since_id label_state format packing_slip "
    "label due[after] shipment_ids[] channel_ids[] created_at_min easyship_shipment_id return"
)


def odd_request(random: Random, known: dict[str, list[str]]) -> Request:
    """A request to any route whose body is right but for one place, or quite another's."""
    path, method, body = random.choice(random.choice((WRITES, CALLS)))
    for name, values in known.items():
        chosen = (
            random.choice(values) if random.random() < 0.9 else random.choice(("9", "x", "%00"))
        )
        path = path.replace(f"{{{name}}}", chosen)
    if body and random.random() < 0.8:
        body = replaced(body, random.choice(list(places(body))), random.choice(JUNK))
    query = [("from_allocation_package", "true")]
    if random.random() < 0.3:
        query += [(random.choice(QUERY_NAMES), str(random.choice(JUNK))) for _ in range(2)]
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    return Request(method, path, tuple(query), HEADERS, content)


KINDS = {
    "order_id": "veeqo.order",
    "allocation_id": "veeqo.allocation",
    "sellable_id": "veeqo.sellable",
    "warehouse_id": "veeqo.warehouse",
    "easyship_shipment_id": "easyship.shipment",
    "shipment_id": "easyship.shipment",
    "address_id": "easyship.address",
    "box_id": "easyship.box",
    "product_id": "easyship.product",
    "webhook_id": "easyship.webhook",
    "batch_id": "easyship.batch",
}
ANY_KIND = ("id", "tag_id", "tracking_id", "courier_id", "uuid")


def held(sandbox: Sandbox) -> dict[str, list[str]]:
    """Path parameters to identifiers of objects that are there."""
    with sandbox.turn() as turn:
        kinds = turn.tx.run("SELECT DISTINCT kind FROM document").fetchall()
        ids = {kind: [row.id for row in turn.tx.select(kind)][-2:] for (kind,) in kinds}
    anything = [number for numbers in ids.values() for number in numbers]
    known = {name: ids.get(kind, ["9"]) for name, kind in KINDS.items()}
    forms = {"ext": ["pdf", "png", "zpl"], "category": ["label", "packing_slip"]}
    return {**known, **dict.fromkeys(ANY_KIND, anything), **forms}


def send(sandbox: Sandbox, method: str, path: str, body: Any) -> Any:
    reply = sandbox.handle(Request(method, path, (), HEADERS, json.dumps(body).encode()))
    assert reply.response is not None
    assert reply.response.status in (200, 201, 202), reply.response.body
    return json.loads(reply.response.body)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    sandbox = Sandbox(Options(state=folder, veeqo_rate=(), easyship_rate=(), label_seconds=0))
    for path in ("/orders", "/products", "/tags", "/customers", "/orders"):
        send(sandbox, "POST", f"/veeqo{path}", VEEQO_BODIES[path] | {"tags_attributes": []})
    for path in (
        "/shipments",
        "/trackings",
        "/boxes",
        "/webhooks",
        "/batches/labels",
        "/shipments",
    ):
        send(sandbox, "POST", f"/easyship/2024-09{path}", EASYSHIP_BODIES[path])
    sandbox.run_agenda()
    yield sandbox
    sandbox.close()


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=True))
def test_odd_requests_are_answered_and_never_break_it(sandbox: Sandbox, random: Random) -> None:
    reply = sandbox.handle(odd_request(random, held(sandbox)))

    assert reply.response is not None
    assert reply.response.status < 500
    sandbox.run_agenda()
