"""POST /orders: one order, the same findings as everywhere, and nothing half done."""

import json

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from orders.api.given import NewOrderInput, received_of
from orders.models import Order, OrderStatus
from orders.services.intake.record import preview_orders
from tests.factories import CarrierFactory, OrderFactory, ProductFactory, ZipCentroidFactory
from tests.orders.api import ORDERS, errors_of, order_body, token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    ProductFactory(sku="MUG")
    ZipCentroidFactory()
    return token_client()


@pytest.fixture
def clerk(staff):
    for name in ("import_orders", "view_order", "change_order"):
        staff.user_permissions.add(Permission.objects.get(codename=name))
    client = APIClient()
    client.force_login(staff)
    return client


def post(client, body, **more):
    return client.post(ORDERS, body, format="json", **more)


def test_a_new_order_is_recorded_and_says_where_it_is(api):
    answer = post(api, order_body())

    order = Order.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"{ORDERS}/{order.pk}"
    assert answer["ETag"] == '"1"'
    assert (order.source, order.number) == ("api:bridge", "A-1")
    assert api.get(answer["Location"]).json() == answer.json()


def test_an_order_without_faults_is_ready(api):
    answer = post(api, order_body()).json()

    assert [
        finding["message"] for finding in answer["findings"] if finding["severity"] == "error"
    ] == []
    assert answer["status"] == OrderStatus.READY
    assert answer["lines"][0] == {
        "position": 1,
        "sku": "MUG",
        "product": "MUG",
        "title": "",
        "quantity": 2,
        "unit_price": "12.50",
    }


def test_an_unknown_sku_is_recorded_for_review(api):
    answer = post(api, order_body(lines=[{"sku": "MUGG", "quantity": 1}]))

    assert answer.status_code == 201
    assert answer.json()["status"] == OrderStatus.NEEDS_REVIEW
    assert "sku_unknown" in {finding["code"] for finding in answer.json()["findings"]}


def test_the_findings_are_those_of_every_other_way_in(api):
    """The API and the service that files and pastes use find the same."""
    body = order_body(
        postal_code="10001", phone="12", email="x", lines=[{"sku": "?", "quantity": 1}]
    )
    given = NewOrderInput().run_validation(body)
    (outcome,) = preview_orders([received_of(given, body)], source="file")

    answer = post(api, body).json()

    assert outcome.found
    assert {(f["code"], f["field"]) for f in answer["findings"]} == {
        (found.code, found.field) for found in outcome.found
    }


def test_what_the_client_sent_is_kept(api):
    body = order_body(notes="Ring twice — 谢谢")

    post(api, body)

    assert json.loads(Order.objects.get().original_text) == body


def test_wishes_and_dates_are_taken_over(api):
    carrier = CarrierFactory(code="fedex", name="FedEx")
    body = order_body(
        wanted_carrier="FedEx", wanted_warehouse_state="nv", promise_date="2026-03-09"
    )

    answer = post(api, body).json()

    assert answer["wanted_carrier"] == carrier.code
    assert answer["wanted_warehouse_state"] == "NV"
    assert (answer["order_date"], answer["promise_date"]) == ("2026-03-02", "2026-03-09")


def test_a_number_that_exists_is_refused_with_a_link(api):
    first = post(api, order_body())

    for body in (order_body(), order_body(city="Sparks")):
        answer = post(api, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "number_taken")
        assert answer.json()["existing"] == first["Location"]
    assert Order.objects.count() == 1


def test_each_client_has_its_own_numbers(api):
    assert post(api, order_body()).status_code == 201
    assert post(token_client(client="other"), order_body()).status_code == 201
    assert set(Order.objects.values_list("source", flat=True)) == {"api:bridge", "api:other"}


def test_a_token_cannot_speak_for_another_source(api):
    answer = post(api, order_body(source="shopify"))

    assert answer.status_code == 400
    assert "source" in errors_of(answer)
    assert not Order.objects.exists()


def test_staff_may_name_a_source(clerk):
    assert post(clerk, order_body("A-1")).json()["source"] == "manual"
    assert post(clerk, order_body("A-2", source="phone")).json()["source"] == "phone"


def test_staff_need_the_permission_to_import(staff):
    staff.user_permissions.add(Permission.objects.get(codename="view_order"))
    client = APIClient()
    client.force_login(staff)

    assert post(client, order_body()).status_code == 403


def test_reading_does_not_allow_writing():
    assert post(token_client("orders:read"), order_body()).status_code == 403
    assert token_client("orders:write").get(ORDERS).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nubmer": "A-1"}, "nubmer"),
        ({"number": ""}, "number"),
        ({"number": 17}, "number"),
        ({"number": "A" * 65}, "number"),
        ({"number": "A\n1"}, "number"),
        ({"number": "A\x001"}, "number"),
        ({"number": None}, "number"),
        ({"recipient_name": "x" * 201}, "recipient_name"),
        ({"recipient_name": "a\x00b"}, "recipient_name"),
        ({"country": "USA"}, "country"),
        ({"currency": 840}, "currency"),
        ({"order_date": "2026-02-30"}, "order_date"),
        ({"order_date": 20260302}, "order_date"),
        ({"promise_date": "soon"}, "promise_date"),
        ({"lines": "2 x MUG"}, "lines.non_field_errors"),
        ({"lines": [7]}, "lines.0.non_field_errors"),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 2**31}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 10**40}]}, None),
        ({"lines": [{"sku": "MUG", "quantity": True}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1.5}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": "2"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": "1.005"}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": "NaN"}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": "1_0"}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": -1}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": 1e300}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_price": True}]}, "lines.0.unit_price"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "colour": "red"}]}, "lines.0.colour"),
        ({"lines": [{"sku": "MUG", "quantity": 1}] * 501}, "lines.non_field_errors"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(api, change, field):
    answer = post(api, order_body(**change))

    assert answer.status_code == 400
    if field:
        assert field in errors_of(answer)
    assert not Order.objects.exists()


def test_a_price_may_be_a_number(api):
    answer = post(api, order_body(lines=[{"sku": "MUG", "quantity": 1, "unit_price": 12.5}]))

    assert answer.json()["lines"][0]["unit_price"] == "12.50"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"A-1"',
        b"[" * 100_000,
        b'{"number": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"number": NaN}',
        b'{"number": 1e999}',
        b'{"number": ' + b"9" * 5_000 + b"}",
        b'{"number": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"number": "\xff\xfe"}',
        b'{"number": "A-1", "\\u0000": 1}',
    ],
)
def test_a_body_that_is_no_order_is_refused(api, text):
    answer = api.generic("POST", ORDERS, text, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000

    assert post(api, order_body(notes="x" * 2_000)).status_code == 413


def test_a_form_is_not_read_as_an_order(api):
    assert api.post(ORDERS, {"number": "A-1"}, format="multipart").status_code == 415


def test_a_repeated_key_makes_one_order(api):
    first, second = (post(api, order_body(), headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_a_refused_order_frees_its_key(api):
    OrderFactory(source="api:bridge", number="A-1")
    key = {"Idempotency-Key": "k"}
    assert post(api, order_body(), headers=key).status_code == 409

    assert post(api, order_body("A-2"), headers=key).status_code == 201
