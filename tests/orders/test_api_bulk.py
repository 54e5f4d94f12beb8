"""POST /orders/bulk: up to a thousand orders, each with a result of its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from tests.factories import OrderFactory, ProductFactory, ZipCentroidFactory
from tests.orders.api import ORDERS, order_body, token_client

pytestmark = pytest.mark.django_db
BULK = f"{ORDERS}/bulk"


@pytest.fixture
def api():
    ProductFactory(sku="MUG")
    ZipCentroidFactory()
    return token_client()


def send(client, orders, **more):
    return client.post(BULK, {"orders": orders}, format="json", **more)


def results(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def distinct(count, prefix="A"):
    """Orders of different people, so that none looks like another."""
    return [
        order_body(f"{prefix}-{n}", recipient_name=f"Person {n}", address_1=f"{n} Mill Street")
        for n in range(1, count + 1)
    ]


def test_every_order_has_its_result(api):
    OrderFactory(source="api:bridge", number="A-2")

    rows = results(send(api, distinct(3)))

    assert [(row["index"], row["number"], row["state"]) for row in rows] == [
        (0, "A-1", "created"),
        (1, "A-2", "failed"),
        (2, "A-3", "created"),
    ]
    first = Order.objects.get(number="A-1")
    assert (rows[0]["id"], rows[0]["url"]) == (first.pk, f"{ORDERS}/{first.pk}")
    assert rows[0]["status"] == first.status
    assert rows[0]["error"] is None
    assert rows[1]["error"]["code"] == "number_taken"
    assert rows[1]["url"] == f"{ORDERS}/{Order.objects.get(number='A-2').pk}"


def test_a_row_that_is_no_order_does_not_stop_the_others(api):
    bad = [7, None, {}, order_body("B-1", country="USA"), order_body("B-2", lines=[{"sku": "MUG"}])]

    rows = results(send(api, [*bad, order_body("A-1")]))

    assert [row["state"] for row in rows] == ["failed"] * 5 + ["created"]
    assert rows[3]["number"] == "B-1"
    assert rows[3]["error"]["errors"][0]["field"] == "country"
    assert rows[4]["error"]["errors"][0]["field"] == "lines.0.quantity"
    assert Order.objects.count() == 1


def test_findings_are_told_row_by_row(api):
    body = order_body("A-1", lines=[{"sku": "MUGG", "quantity": 1, "unit_price": "1"}])

    (row,) = results(send(api, [body]))

    assert row["status"] == "needs_review"
    assert [(f["code"], f["line"]) for f in row["findings"]] == [("sku_unknown", 1)]


def test_a_possible_duplicate_is_told_too(api):
    rows = results(send(api, [order_body("A-1"), order_body("A-2")]))

    assert "possible_duplicate" in {f["code"] for row in rows for f in row["findings"]}


def test_the_same_orders_again_are_unchanged(api):
    first = results(send(api, distinct(2)))

    again = results(send(api, distinct(2)))

    assert [row["state"] for row in again] == ["unchanged", "unchanged"]
    assert [row["id"] for row in again] == [row["id"] for row in first]
    assert Order.objects.count() == 2


def test_one_number_for_two_orders_is_refused_once(api):
    rows = results(send(api, [order_body("A-1"), order_body("A-1", city="Sparks")]))

    assert [row["state"] for row in rows] == ["created", "failed"]


def test_a_thousand_orders_fit_and_one_more_does_not(api):
    answer = send(api, [{}] * 1_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "1,000" in answer.json()["detail"]

    assert len(results(send(api, [{}] * 1_000))) == 1_000


@pytest.mark.parametrize(
    "body", [[], {}, {"orders": []}, {"orders": {}}, {"orders": "A-1"}, {"orders": [{}], "x": 1}]
)
def test_a_body_that_holds_no_orders_is_refused(api, body):
    assert api.post(BULK, body, format="json").status_code == 400


def test_a_repeated_key_gets_the_same_results(api):
    key = {"Idempotency-Key": "bulk-1"}

    first, second = (send(api, distinct(3), headers=key) for _ in range(2))

    assert first.content == second.content
    assert {row["state"] for row in second.json()["results"]} == {"created"}
    assert Order.objects.count() == 3


def test_two_hundred_orders_cost_the_queries_of_ten(api):
    results(send(api, distinct(1, "warm")))
    with CaptureQueriesContext(connection) as few:
        results(send(api, distinct(10, "few")))
    with CaptureQueriesContext(connection) as many:
        rows = results(send(api, distinct(200, "many")))

    assert {row["state"] for row in rows} == {"created"}
    assert reads(few) == reads(many)
    assert tables_written(few) == tables_written(many)
    # SQLite takes 999 values at once, so its INSERTs come in pieces.
    assert len(few) == len(many) or connection.vendor == "sqlite"


def reads(queries):
    return sum(query["sql"].startswith("SELECT") for query in queries)


def tables_written(queries):
    sql = (query["sql"] for query in queries)
    return {one.split('"')[1] for one in sql if one.startswith(("INSERT", "UPDATE"))}
