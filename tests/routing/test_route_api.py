"""Routing over the API."""

import pytest

from orders.models import Order, OrderStatus
from routing.models import RoutingDecision, Ruleset
from routing.services.route import route_order
from tests.factories import FindingFactory
from tests.orders.api import ORDERS, order_body, token_client
from tests.routing.stored import again, current, network, ready
from tests.warehouses.stock import numbers

pytestmark = pytest.mark.django_db
PREVIEW = "/api/v1/routing/preview"
RULESETS = "/api/v1/rulesets"


@pytest.fixture
def api():
    return token_client("routing:read", "routing:write")


def post(client, order, action, body=None, **more):
    return client.post(f"{ORDERS}/{order.pk}/{action}", body or {}, format="json", **more)


def test_an_order_is_routed_and_the_answer_is_the_whole_decision(api):
    house, order = network(), ready()

    answer = post(api, order, "route")

    body = answer.json()
    assert answer.status_code == 200
    assert (body["outcome"], body["status"]) == ("routed", "routed")
    decision = body["decision"]
    assert (decision["warehouse"], decision["carrier"], decision["service"]) == (
        house.code,
        "ups",
        "ups-ground",
    )
    assert (decision["platform"], decision["cost"], decision["currency"]) == (
        "veeqo",
        "8.40",
        "USD",
    )
    assert decision["candidates"][0]["factors"]["cost"]["weight"] == 20
    assert sum(part["weight"] for part in decision["confidence_parts"]) == 100
    assert current(order).actor_label.endswith("bridge")
    assert api.get(f"{ORDERS}/{order.pk}/decision").json() == decision


def test_an_order_in_doubt_says_why(api):
    network()
    order = ready(wanted_warehouse_state="TX")

    body = post(api, order, "route").json()

    assert (body["outcome"], body["status"]) == ("review", "needs_review")
    assert body["decision"]["needs_review"] is True
    assert body["decision"]["problems"][0]["code"] == "wish_refused"
    assert body["decision"]["wishes"][0]["is_honoured"] is False


def test_the_same_key_routes_once(api):
    house, order = network(), ready()

    first = post(api, order, "route", headers={"Idempotency-Key": "k-1"})
    second = post(api, order, "route", headers={"Idempotency-Key": "k-1"})
    other = post(api, order, "route", headers={"Idempotency-Key": "k-2"})

    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "cannot_route")
    assert numbers(house) == (100, 1)


def test_what_may_not_be_routed_is_a_problem_with_the_next_step(api):
    network()
    order = ready()
    FindingFactory(order=order)

    answer = post(api, order, "route")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert "Choose the product" in answer.json()["detail"]


def test_an_override_pins_and_tells_its_price(api):
    _house, other = network(), network({"MUG": 3}, code="LAX1", state="CA")
    order = ready()
    body = {
        "warehouse": "RNO1",
        "service": "ups-ground",
        "reason": "customer",
        "text": "They asked for Reno",
    }

    answer = post(api, order, "override", body).json()

    assert (answer["outcome"], answer["decision"]["kind"]) == ("routed", "override")
    assert answer["decision"]["extra_cost"] == "0.00"
    assert again(order).pinned_warehouse.code == "RNO1"
    assert numbers(other) == (3, 0)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"warehouse": "LAX1"}, 409, "LAX1 has 0 of 1 units of MUG"),
        ({"warehouse": "XXX"}, 400, "warehouse"),
        ({"reason": "whim"}, 400, "reason"),
        ({"text": ""}, 400, "text"),
        ({"hurry": True}, 400, "hurry"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(api, body, status, said):
    network()
    network({"MUG": 0}, code="LAX1", state="CA")
    order = ready()
    sensible = {"warehouse": "RNO1", "service": "ups-ground", "reason": "cost", "text": "Cheap"}

    answer = post(api, order, "override", sensible | body)

    assert answer.status_code == status
    assert said in answer.text
    assert again(order).pinned_warehouse is None


def test_unrouting_frees_the_stock(api):
    house, order = network(), ready()
    route_order(order.pk)

    body = post(api, order, "unroute", {"reason": "Too early"}).json()

    assert (body["outcome"], body["status"], body["decision"]) == ("unrouted", "ready", None)
    assert numbers(house) == (100, 0)
    answer = api.get(f"{ORDERS}/{order.pk}/decision")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_decision")
    assert post(api, order, "unroute", {"reason": "Again"}).status_code == 409


def test_a_preview_of_a_stored_order_writes_nothing(api):
    house, order = network(), ready()

    body = api.post(PREVIEW, {"order_id": order.pk}, format="json").json()

    assert body["decision"]["warehouse"] == house.code
    assert body["findings"] == []
    assert not RoutingDecision.objects.exists()
    assert again(order).status == OrderStatus.READY


def test_a_preview_of_an_order_sent_along_writes_nothing(api):
    house = network()
    sent = order_body(city="Rneo")

    body = api.post(PREVIEW, sent, format="json").json()

    assert body["decision"]["warehouse"] == house.code
    assert [found["field"] for found in body["findings"]]
    assert not Order.objects.exists()


def test_a_preview_needs_no_number(api):
    network()
    sent = order_body()
    del sent["number"]

    assert api.post(PREVIEW, sent, format="json").json()["decision"]["service"] == "ups-ground"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"order_id": 999}, 422),
        ({"order_id": "1"}, 400),
        ({"order_id": 2**70}, 400),
        ({"order_id": 1, "city": "Reno"}, 400),
        ({"city": 7}, 400),
        ([], 400),
        ({}, 200),
    ],
)
def test_a_preview_of_nonsense_is_told(api, body, status):
    network()

    assert api.post(PREVIEW, body, format="json").status_code == status


@pytest.mark.parametrize("field", ["warehouse", "service", "reason", "text"])
@pytest.mark.parametrize("odd", ["\x00", "", 7, None, [], {"a": 1}], ids=repr)
def test_an_override_with_nonsense_is_told_at_its_field(api, field, odd):
    network()
    order = ready()
    sensible = {"warehouse": "RNO1", "service": "ups-ground", "reason": "cost", "text": "\x00"}

    answer = post(api, order, "override", sensible | {field: odd})

    assert answer.status_code == 400
    assert field in answer.text
    assert again(order).status == OrderStatus.READY


def test_without_a_ruleset_in_force_the_problem_says_so(api):
    network()
    order = ready()
    Ruleset.objects.update(state="archived")

    answers = [post(api, order, "route"), api.post(PREVIEW, {"order_id": order.pk}, format="json")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert {answer.json()["code"] for answer in answers} == {"no_ruleset_in_force"}


def test_rulesets_are_listed_and_one_shows_its_rules(api):
    network()

    (row,) = api.get(RULESETS).json()["results"]
    detail = api.get(f"{RULESETS}/{row['id']}").json()

    assert (row["number"], row["state"]) == (1, "published")
    assert set(row["weights"]) == {"geography", "cost", "transit", "stock", "load", "preference"}
    first = detail["rules"][0]
    assert first["conditions"][0]["values"] == ["NV"]
    assert first["outcomes"][0] == {
        "action": "prefer",
        "target": "carrier",
        "codes": ["fedex"],
        "percent": 100,
        "weights": {},
        "text": "",
    }


def test_a_token_needs_the_scope_for_each():
    network()
    order = ready()
    reader, writer = token_client("routing:read"), token_client("routing:write")

    assert post(reader, order, "route").status_code == 403
    assert post(reader, order, "unroute", {"reason": "x"}).status_code == 403
    assert writer.get(f"{ORDERS}/{order.pk}/decision").status_code == 403
    assert writer.post(PREVIEW, {"order_id": order.pk}, format="json").status_code == 403
    assert writer.get(RULESETS).status_code == 403


def test_an_order_that_is_not_there_is_not_found(api):
    network()

    for action in ("route", "override", "unroute"):
        body = {"warehouse": "RNO1", "service": "ups-ground", "reason": "cost", "text": "x"}
        sent = {"override": body, "unroute": {"reason": "x"}}.get(action, {})
        answer = api.post(f"{ORDERS}/999/{action}", sent, format="json")
        assert answer.status_code == 404
    assert api.get(f"{ORDERS}/999/decision").status_code == 404
