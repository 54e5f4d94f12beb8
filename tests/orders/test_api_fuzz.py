"""The API against cases made from its own schema: no 5xx, and nothing that is not documented.

CROSSDOCK_API_CASES is the number of cases in all; CI takes a small one.
"""

import os

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from core.tokens import SCOPES, issue_token
from integrations.models import Dispatch
from orders.models import Document, ImportSession, Order
from orders.services.imports.jobs import read_import
from tests.factories import (
    DispatchFactory,
    DocumentFactory,
    FindingFactory,
    OrderFactory,
    ProductFactory,
    ShipmentFactory,
    StockLevelFactory,
    TrackingEventFactory,
)
from tests.orders.api import IMPORTS, token_client

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CASES = int(os.environ.get("CROSSDOCK_API_CASES", "150"))
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture
def api_schema():
    _token, text = issue_token(name="fuzz", client="bridge", scopes=list(SCOPES))
    bearer = {"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"}
    app = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", app, headers=bearer)
    return schema, bearer


@pytest.fixture
def world():
    """Something to find at each address."""
    ProductFactory(sku="MUG")
    StockLevelFactory()
    order = OrderFactory(source="api:bridge", number="A-1")
    FindingFactory(order=order)
    file = SimpleUploadedFile("orders.csv", b"order_number,sku,quantity\nB-1,MUG,1\nB-2,MUG,x\n")
    answer = token_client().post(IMPORTS, {"file": file}, format="multipart")
    read_import(answer.json()["id"])
    shipment = ShipmentFactory(order=order)
    DocumentFactory(shipment=shipment)
    TrackingEventFactory(shipment=shipment)
    DispatchFactory(order=order, state="done", asked={"price": "9.00"})


def test_no_case_of_the_schema_breaks_the_api(api_schema, world):
    schema, bearer = api_schema
    operations = [found.ok() for found in schema.get_all_operations()]
    operations = [one for one in operations if one.path != "/api/v1/schema/"]
    # Writing has more ways to go wrong than reading.
    weights = [3 if one.method != "get" else 1 for one in operations]
    seen: dict[str, set[int]] = {}

    for operation, weight in zip(operations, weights, strict=True):
        count = max(2, round(CASES * weight / sum(weights)))
        seen[operation.label] = statuses_of(operation, count, bearer)

    assert len(seen) >= 15
    assert {201, 400} <= seen["POST /api/v1/orders"]
    assert 404 in seen["GET /api/v1/orders/{id}"]


def statuses_of(operation, count, headers):
    """Try so many cases, half of them wrong on purpose; returns the statuses that were answered."""
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    can_be_wrong = bool(list(operation.iter_parameters())) or bool(operation.body)
    seen = set()

    @given(case=right | wrong if can_be_wrong else right, is_real=st.booleans())
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_case(case, is_real):
        if is_real:
            aim_at_something_real(case)
        seen.add(case.call_and_validate(checks=CHECKS, headers=headers).status_code)

    try_case()
    return seen


def aim_at_something_real(case):
    """A made-up id finds nothing; half of the cases have one that does."""
    if "/orders/{id}" in case.path:
        order = Order.objects.order_by("pk").first()
        case.path_parameters["id"] = order.pk
        if case.method.upper() == "PATCH":
            case.headers["If-Match"] = f'"{order.version}"'
        if "{document}" in case.path:
            case.path_parameters["document"] = Document.objects.get().pk
    elif "/dispatches/{id}" in case.path:
        case.path_parameters["id"] = Dispatch.objects.order_by("pk").first().pk
    elif "/imports/" in case.path:
        name = "session" if "{session}" in case.path else "id"
        case.path_parameters[name] = ImportSession.objects.order_by("pk").first().pk
