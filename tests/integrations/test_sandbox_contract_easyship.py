"""Every answer of the sandbox's Easyship fits the official OpenAPI document, over real HTTP."""

import base64
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

from integrations.sandbox import clock
from integrations.sandbox.easyship.operations.shipping import PAPERS
from integrations.sandbox.easyship.routes import OPERATIONS
from integrations.sandbox.easyship.schemas.parameters import PARAMETERS
from integrations.sandbox.easyship.schemas.requests import SCHEMAS
from integrations.sandbox.easyship.schemas.shared import PARTS
from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    DESTINATION,
    ORIGIN,
    PARCEL,
    PRINTING,
    SandboxClient,
    created_shipment,
    easyship_services,
    easyship_shipment,
    labelled_shipment,
)

DOCUMENT = "urn:easyship"
VERSION = "/2024-09"
EVERYWHERE = ("401", "403", "404", "429", "500")
"""Answers any operation may give though its own entry does not repeat them (easyship.md 2.3)."""
Seen = set[tuple[str, int]]


@cache
def official() -> dict[str, Any]:
    name = "easyship-public-2024-09.openapi.json"
    return json.loads(sandbox_client.contract_file(name).read_text())


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 schemas as JSON Schema 2020-12: nullable and exclusive bounds differ."""
    if isinstance(node, list):
        return [as_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {name: as_json_schema(part) for name, part in node.items() if name != "nullable"}
    if plain.get("exclusiveMinimum") is True:
        plain["exclusiveMinimum"] = plain.pop("minimum")
    if node.get("nullable") is not True:
        return plain
    return {"anyOf": [plain, {"type": "null"}]}


@cache
def registry() -> Registry:
    document = json.loads(json.dumps(official()))
    schemas = document["components"]["schemas"]
    # The document lists fewer statuses here than for the same parcels under /trackings; its own
    # webhook pages name the missing ones, "Delivered" among them (easyship.md section 6).
    listed = schemas["ShipmentTrackingList"]["properties"]["status"]
    listed["enum"] = schemas["Tracking"]["properties"]["status"]["enum"]
    resource = DRAFT202012.create_resource(as_json_schema(document))
    return Registry().with_resource(DOCUMENT, resource)


FORMATS = jsonschema.FormatChecker(formats=["uuid", "email", "date"])


@FORMATS.checks("date-time")
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or ("T" in value and clock.parse(value) is not None)


@FORMATS.checks("uri")
def is_link(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"https?://\S+$", value) is not None


@FORMATS.checks("byte")
def is_base64(value: object) -> bool:
    return not isinstance(value, str) or bool(base64.b64decode(value, validate=True))


def template_of(method: str, path: str) -> str | None:
    """The documented path that a request's path fits, literal ones first."""
    bare = VERSION + path.split("?")[0]
    fitting = [
        template
        for template, operations in official()["paths"].items()
        if method.lower() in operations
        and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), bare)
    ]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def schema_place(method: str, template: str, status: int) -> str | None:
    """Pointer to the schema of an answer; None if it is not JSON. Fails if undocumented."""
    responses = official()["paths"][template][method.lower()]["responses"]
    if str(status) not in responses:
        assert str(status) in EVERYWHERE or status == 400, f"{method} {template}: {status}"
        return f"{DOCUMENT}#/components/schemas/Error"
    if "application/json" not in responses[str(status)]["content"]:
        return None
    escaped = template.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    answer = f"{DOCUMENT}#/paths/{escaped}/{method.lower()}/responses/{status}"
    return f"{answer}/content/application~1json/schema"


def check(response: requests.Response, method: str, path: str) -> tuple[str, int]:
    """Assert that an answer fits the document; the documented path and status."""
    template, status = template_of(method, path), response.status_code
    place = f"{DOCUMENT}#/components/schemas/Error"
    if template is not None:
        documented = schema_place(method, template, status)
        if documented is None:
            return template, status
        place = documented
    else:
        assert status == 404, f"{method} {path} is not in the document"
    validator = jsonschema.Draft202012Validator(
        {"$ref": place}, registry=registry(), format_checker=FORMATS
    )
    validator.validate(response.json())
    return template or path, status


@contextmanager
def checked_sandbox(folder: Path, **options: Any) -> Iterator[tuple[SandboxClient, Seen]]:
    """A sandbox whose every Easyship answer is checked, and what was answered so far."""
    seen: Seen = set()

    def listen(platform: str, call: str, response: requests.Response) -> None:
        method, path = call.split(" ", 1)
        template, status = check(response, method, path)
        assert response.headers["X-Request-Id"]
        seen.add((f"{method} {template}", status))

    with sandbox_client.started(folder, **options) as client:
        client.listeners.append(listen)
        yield client, seen


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with checked_sandbox(tmp_path_factory.mktemp("sandbox")) as (client, _):
        yield client


def test_the_lists_fit(sandbox: SandboxClient) -> None:
    labelled_shipment(sandbox, "CD-1000")
    for path in (
        "/account",
        "/account/credit",
        "/addresses",
        "/boxes",
        "/couriers",
        "/courier_services",
        "/products",
        "/item_categories",
        "/countries",
        "/webhooks",
        "/batches",
        "/shipments",
        "/shipments/trackings?include_checkpoints=true",
        "/trackings",
    ):
        assert sandbox.easyship("GET", path).status_code == 200
    courier = sandbox.easyship("GET", "/couriers").json()["couriers"][0]["id"]
    assert sandbox.easyship("GET", f"/couriers/{courier}").status_code == 200
    services = sandbox.easyship("GET", f"/couriers/{courier}/courier_services").json()
    assert {row["courier_id"] for row in services["courier_services"]} == {courier}


def test_rates_fit_at_home_and_abroad(sandbox: SandboxClient) -> None:
    body = {"origin_address": ORIGIN, "destination_address": DESTINATION, "parcels": [PARCEL]}
    canada = {
        **DESTINATION,
        "country_alpha2": "CA",
        "state": "ON",
        "city": "Toronto",
        "postal_code": "M5V 2T6",
    }
    variants = (
        body,
        {**body, "set_as_residential": True, "insurance": {"is_insured": True}},
        {**body, "destination_address": canada},
        {**body, "destination_address": canada, "incoterms": "DDP"},
        {**body, "destination_address": canada, "calculate_tax_and_duties": False},
    )
    for variant in variants:
        assert sandbox.easyship("POST", "/rates", json=variant).status_code == 200


@pytest.mark.parametrize("form", ["pdf", "png", "zpl", "url"])
def test_a_label_bought_at_once_fits_in_every_format(sandbox: SandboxClient, form: str) -> None:
    settings = {
        "buy_label": True,
        "buy_label_synchronous": True,
        "printing_options": {"format": form, "label": "4x6"},
    }
    shipment = created_shipment(sandbox, f"CD-{form}", shipping_settings=settings)

    assert shipment["label_state"] == "generated"
    assert {paper["category"] for paper in shipment["shipping_documents"]} == {
        "label",
        "packing_slip",
    }


def test_a_shipment_is_changed_bought_followed_and_delivered(sandbox: SandboxClient) -> None:
    number = created_shipment(sandbox, "CD-1001")["easyship_shipment_id"]
    service = easyship_services(sandbox)["FedEx 2Day"]
    change = {"courier_settings": {"courier_service_id": service}}
    changed = sandbox.easyship("PATCH", f"/shipments/{number}", json=change).json()["shipment"]
    assert changed["courier_service"]["name"] == "FedEx 2Day"
    bought = sandbox.easyship(
        "POST", f"/shipments/{number}/label", json={"printing_options": PRINTING}
    )
    assert bought.status_code == 201
    assert sandbox.easyship("GET", f"/shipments/{number}?format=PDF&label=4x6").status_code == 200
    assert sandbox.easyship("GET", f"/shipments/{number}/unavailable_couriers").status_code == 200
    assert sandbox.easyship("GET", f"/shipments/{number}/transaction_records").status_code == 200
    invoice = sandbox.easyship(
        "GET", f"/shipments/{number}/documents?document_type=commercial_invoice"
    )
    assert invoice.content.startswith(b"%PDF-")
    sandbox.control("advance", hours=24 * 10)

    shown = sandbox.easyship("GET", f"/shipments/{number}").json()["shipment"]
    query = f"/shipments/trackings?easyship_shipment_id={number}&include_checkpoints=true"
    followed = sandbox.easyship("GET", query).json()["shipments"][0]

    assert shown["delivery_state"] == "delivered"
    assert followed["status"] == "Delivered"
    assert [row["primary_status"] for row in followed["checkpoints"]][-1] == "Delivered"


def test_shipments_are_deleted_and_cancelled(sandbox: SandboxClient) -> None:
    unlabelled = created_shipment(sandbox, "CD-1002")["easyship_shipment_id"]
    labelled = labelled_shipment(sandbox, "CD-1003")["easyship_shipment_id"]

    assert sandbox.easyship("POST", f"/shipments/{unlabelled}/cancel").status_code == 422
    assert sandbox.easyship("DELETE", f"/shipments/{labelled}").status_code == 404
    assert sandbox.easyship("DELETE", f"/shipments/{unlabelled}").status_code == 200
    assert sandbox.easyship("GET", f"/shipments/{unlabelled}").status_code == 404
    assert sandbox.easyship("POST", f"/shipments/{labelled}/cancel").status_code == 200


def test_partial_success_fits(sandbox: SandboxClient) -> None:
    heavy = {**PARCEL, "total_actual_weight": 500}
    body = easyship_shipment("CD-1004", parcels=[heavy])

    response = sandbox.easyship("POST", "/shipments", json=body)

    assert response.status_code == 202
    assert response.json()["meta"]["status"] == "partial_success"
    assert response.json()["shipment"]["courier_service"] is None


def test_batches_of_labels_fit(sandbox: SandboxClient) -> None:
    numbers = [created_shipment(sandbox, f"CD-B{n}")["easyship_shipment_id"] for n in range(2)]
    rows = [{"easyship_shipment_id": number} for number in [*numbers, "ESUS99999999"]]

    batch = sandbox.easyship("POST", "/batches/labels", json={"shipments": rows}).json()["batch"]
    sandbox_client.wait_until(
        lambda: sandbox.easyship("GET", f"/batches/{batch['id']}").json()["batch"]["finished_at"]
    )

    shown = sandbox.easyship("GET", f"/batches/{batch['id']}").json()["batch"]
    items = sandbox.easyship("GET", f"/batches/{batch['id']}/items").json()["batch_items"]
    assert (shown["processed_count"], shown["failed_count"]) == (2, 1)
    assert {item["reference_id"] for item in items if item["state"] == "failed"} == {"ESUS99999999"}


def test_the_accounts_own_records_fit(sandbox: SandboxClient) -> None:
    address = {**ORIGIN, "default_for": {"sender": True}}
    made = sandbox.easyship("POST", "/addresses", json=address).json()["address"]["id"]
    assert sandbox.easyship("PATCH", f"/addresses/{made}", json=ORIGIN).status_code == 200
    assert sandbox.easyship("POST", f"/addresses/{made}/deactivate").status_code == 200
    assert sandbox.easyship("POST", f"/addresses/{made}/activate").status_code == 200
    sides = {"outer_length": 10, "outer_width": 10, "outer_height": 10, "weight": 0.1}
    box = sandbox.easyship("POST", "/boxes", json={"name": "Cube", **sides}).json()["box"]["id"]
    assert sandbox.easyship("PATCH", f"/boxes/{box}", json={"is_active": True}).status_code == 200
    assert sandbox.easyship("DELETE", f"/boxes/{box}").status_code == 200
    product = {"identifier": "BOWL", "name": "Bowl", "weight": 0.785, "item_category_id": 11}
    row = sandbox.easyship("POST", "/products", json=product).json()["product"]
    assert row["weight"] == 0.79
    path = f"/products/{row['id']}"
    assert sandbox.easyship("PATCH", path, json={"name": "Large bowl"}).status_code == 200
    assert sandbox.easyship("DELETE", path).status_code == 200


def test_webhooks_fit(sandbox: SandboxClient) -> None:
    body = {
        "endpoint": "http://127.0.0.1:9/nobody",
        "event_types": ["shipment_label_created"],
        "version": "2024-09",
    }
    made = sandbox.easyship("POST", "/webhooks", json=body).json()["webhook"]
    path = f"/webhooks/{made['id']}"

    assert made["state"] == "inactive"
    assert re.fullmatch(r"webh_[0-9a-f]{32}", made["secret_token"])
    assert sandbox.easyship("GET", path).status_code == 200
    assert sandbox.easyship("PATCH", path, json=body).status_code == 200
    assert sandbox.easyship("POST", f"{path}/activate").status_code == 200
    assert sandbox.easyship("POST", f"{path}/deactivate").status_code == 200
    sample = {"version": "2024-09", "event_type": "shipment_label_created"}
    assert sandbox.easyship("POST", f"{path}/test", json=sample).status_code == 400
    assert sandbox.easyship("DELETE", path).status_code == 200
    assert sandbox.easyship("DELETE", path).status_code == 400


def test_trackings_of_both_sources_fit(sandbox: SandboxClient) -> None:
    labelled_shipment(sandbox, "CD-1005")
    body = {
        "tracking_number": "Z5400000001",
        "courier_service_name": "DHL",
        "destination_address": DESTINATION,
    }
    made = sandbox.easyship("POST", "/trackings", json=body).json()["tracking"]
    path = f"/trackings/{made['id']}"
    assert sandbox.easyship("GET", path).status_code == 200
    own = sandbox.easyship("GET", "/trackings").json()["trackings"]
    mine = next(row for row in own if row["platform_order_number"] == "CD-1005")

    for number in (made["id"], mine["id"]):
        moved = sandbox.easyship(
            "PATCH", f"/sandbox/trackings/{number}", json={"status_slug": "delivered"}
        )
        assert moved.json()["tracking"]["status"] == "Delivered"
    assert sandbox.easyship("DELETE", path).status_code == 200
    assert sandbox.easyship("GET", path).status_code == 404


def test_refusals_fit(sandbox: SandboxClient) -> None:
    refusals = {
        401: sandbox.easyship("GET", "/account", headers={"Authorization": "Bearer x"}),
        404: sandbox.easyship("GET", "/shipments/ESUS1"),
        422: sandbox.easyship("POST", "/shipments", json={}),
        400: sandbox.easyship("POST", "/rates", data=b"{"),
    }
    for status, response in refusals.items():
        assert response.status_code == status
        assert response.json()["error"]["request_id"] == response.headers["X-Request-Id"]
    assert sandbox.easyship("GET", "/nowhere").json()["error"]["code"] == "invalid_endpoint"


TOURS = (
    test_the_lists_fit,
    test_rates_fit_at_home_and_abroad,
    test_a_shipment_is_changed_bought_followed_and_delivered,
    test_shipments_are_deleted_and_cancelled,
    test_batches_of_labels_fit,
    test_the_accounts_own_records_fit,
    test_trackings_of_both_sources_fit,
    test_webhooks_fit,
)


def test_every_operation_was_seen_to_answer_well(tmp_path: Path) -> None:
    with checked_sandbox(tmp_path) as (client, seen):
        for tour in TOURS:
            tour(client)

    answered = {call for call, status in seen if status < 300}
    served = {f"{method} {path}" for method, path in OPERATIONS if path != PAPERS.route.path}
    named = {
        f"{method} {template_of(method, path.removeprefix(VERSION))}"
        for method, path in (call.split(" ") for call in served)
    }
    # A sample is delivered well in test_sandbox_webhooks.py, where somebody listens.
    assert named - answered == {"POST /2024-09/webhooks/{webhook_id}/test"}


def test_partial_failures_of_labels_fit(tmp_path: Path) -> None:
    with checked_sandbox(tmp_path, faults="label-fails") as (client, _):
        settings = {"buy_label": True, "buy_label_synchronous": True}
        body = easyship_shipment("CD-1", shipping_settings=settings)

        response = client.easyship("POST", "/shipments", json=body)

    assert response.status_code == 202
    shipment, meta = response.json()["shipment"], response.json()["meta"]
    assert shipment["label_state"] == "failed"
    assert shipment["last_failure_http_response_messages"][0]["content"] == meta["errors"][0]


WORDS = {"description", "example", "examples", "default", "title", "deprecated", "externalDocs"}


def bare(node: Any, *, names: bool = False) -> Any:
    """A definition without what does not constrain anything."""
    if isinstance(node, list):
        return [bare(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: bare(part, names=not names and name == "properties")
        for name, part in node.items()
        if names or name not in WORDS
    }
    if not names and "allOf" in kept:
        kept["allOf"] = [part for part in kept["allOf"] if part]
    if not names and "required" in kept:
        kept["required"] = sorted(kept["required"])
    return kept


def within(part: Any, whole: Any) -> Any:
    """The whole, cut down to the properties that the part has."""
    if not (isinstance(part, dict) and isinstance(whole, dict)):
        return whole
    return {name: within(part[name], whole[name]) for name in part if name in whole}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_request_schema_is_the_official_one(name: str) -> None:
    ours, theirs = bare(SCHEMAS[name]), bare(official()["components"]["schemas"][name])
    if "discriminator" in theirs:
        # Only the newer version of webhooks is served.
        del theirs["oneOf"], theirs["discriminator"]["mapping"]["2023-01"]
    if name in PARTS:
        theirs = within(ours, theirs)
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_query_parameters_are_the_official_ones_in_their_order(name: str) -> None:
    method, path = name.split(" ")
    operation = official()["paths"][VERSION + path][method.lower()]
    theirs = [
        (row["name"], None if row["in"] == "path" else bare(row["schema"]))
        for row in operation["parameters"]
    ]
    ours = [(key, bare(schema) if schema else None) for key, schema in PARAMETERS[name]]

    assert ours == theirs[: len(ours)]
    assert {key for key, schema in theirs[len(ours) :] if schema} == set()


def test_scopes_are_the_official_ones() -> None:
    table = sandbox_client.contract_file("easyship-public-2024-09.operations.tsv").read_text()
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    scopes = {(row[0], row[1]): set(row[3].replace("public.", "").split()) for row in rows}
    ours = {call: set(op.route.scopes) for call, op in OPERATIONS.items() if call in scopes}
    # Named in another style or needed only for parts of the answer (easyship.md section 1).
    loose = {"/2024-09/account", "/2024-09/addresses/validations"}

    for call, held in ours.items():
        if call[1] in loose or scopes[call] == {"Webhook"}:
            continue
        assert held <= scopes[call], call
        assert held, call


@pytest.mark.parametrize(
    "call", sorted(call for call in OPERATIONS if call[1] != PAPERS.route.path)
)
def test_bodies_and_pages_are_those_of_the_official_operation(call: tuple[str, str]) -> None:
    operation = OPERATIONS[call]
    template = template_of(call[0], call[1].removeprefix(VERSION))
    assert template is not None
    theirs = official()["paths"][template][call[0].lower()]
    content = theirs.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {}).get("$ref", "").removeprefix("#/components/schemas/")

    assert operation.schema == schema
    assert theirs["x-source-page"].endswith(f"/reference/{operation.page.place}")
