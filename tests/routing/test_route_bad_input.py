"""Whatever is wrong with an order, the network or the rules: a sentence with the next step."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from orders.models import Finding, Order, OrderStatus
from orders.stock_proof import prove_stock
from routing.errors import NotACandidate
from routing.models import RoutingDecision, Rule, Ruleset
from routing.services.changes import override_route
from routing.services.route import route_order
from routing.services.weigh import options, weigh
from tests.factories import OrderLineFactory, UserFactory
from tests.orders.api import token_client
from tests.routing.stored import again, network, ready, rule
from warehouses.models import CarrierService, PickupCutoff, Product, RateCard, Warehouse

pytestmark = pytest.mark.django_db


def without_state():
    return ready(state="")


def of_no_known_state():
    return ready(state="Narnia")


def without_zip():
    return ready(postal_code="")


def without_country():
    return ready(country="")


def to_a_country_nobody_serves():
    return ready(country="AQ", state="", postal_code="")


def of_weight_zero():
    order = ready()
    Product.objects.update(weight_grams=0)
    return order


def without_lines():
    order = ready()
    order.lines.all().delete()
    return order


def of_an_unknown_sku():
    order = ready()
    OrderLineFactory(order=order, sku="MUGG", product=None)
    return order


def of_more_than_there_is():
    return ready({"MUG": 101})


def while_all_warehouses_are_off():
    Warehouse.objects.update(is_active=False)
    return ready()


def while_no_service_is_on():
    CarrierService.objects.update(is_active=False)
    return ready()


def where_no_carrier_collects():
    order = ready()
    PickupCutoff.objects.all().delete()
    return order


def without_prices():
    RateCard.objects.all().delete()
    return ready()


def under_rules_that_contradict_each_other():
    rule({"action": "require", "target": "carrier", "codes": "fedex"}, position=1, name="FedEx")
    rule({"action": "forbid", "target": "carrier", "codes": "fedex"}, position=2, name="No FedEx")
    return ready()


def under_no_rule():
    Rule.objects.all().delete()
    return ready()


def under_a_rule_that_forbids_all():
    rule({"action": "forbid", "target": "warehouse", "codes": "RNO1"}, name="Closed")
    return ready()


def pinned_to_what_is_off():
    order = ready(pinned_warehouse=Warehouse.objects.get())
    Warehouse.objects.update(is_active=False)
    return order


SITUATIONS = {
    without_state: "no state",
    of_no_known_state: "Narnia",
    without_zip: "no ZIP code",
    without_country: "no destination country",
    to_a_country_nobody_serves: "AQ",
    of_weight_zero: "no weight",
    without_lines: "no lines",
    of_an_unknown_sku: "MUGG",
    of_more_than_there_is: "100 of 101 units",
    while_all_warehouses_are_off: "switched off",
    while_no_service_is_on: "switched off",
    where_no_carrier_collects: "does not collect",
    without_prices: "no price",
    under_rules_that_contradict_each_other: "contradict each other",
    under_no_rule: "no active rule",
    under_a_rule_that_forbids_all: "Closed",
    pinned_to_what_is_off: "switched off",
}
every_situation = pytest.mark.parametrize(
    ("make", "said"), SITUATIONS.items(), ids=[make.__name__ for make in SITUATIONS]
)


@pytest.fixture
def boss(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


@every_situation
def test_it_becomes_a_finding_with_the_next_step(make, said):
    network()
    order = make()

    assert route_order(order.pk).state == "review"

    finding = Finding.objects.get(order=order, field="route", state="open")
    assert (finding.code, finding.severity) == ("route_impossible", "error")
    assert said in finding.message
    assert finding.next_step
    assert again(order).status == OrderStatus.NEEDS_REVIEW
    assert prove_stock().ok


@every_situation
def test_no_page_breaks_on_it(make, said, boss):
    network()
    order = make()
    page = f"/admin/orders/order/{order.pk}"

    boss.post(f"{page}/route-now/")

    assert said in boss.get("/admin/routing/routingdecision/review/").text.replace("&#x27;", "'")
    for address in (f"{page}/change/", f"{page}/override/", f"{page}/approve/"):
        assert boss.get(address).status_code == 200
    assert boss.post(f"{page}/approve/").status_code == 400
    stored = RoutingDecision.objects.get()
    assert boss.get(f"/admin/routing/routingdecision/{stored.pk}/change/").status_code == 200
    assert boss.post(f"/admin/routing/routingdecision/{stored.pk}/replay/").status_code == 302


@every_situation
def test_api_and_command_answer_it_with_the_next_step(make, said):
    network()
    order = make()
    api = token_client("routing:read", "routing:write")
    dry, printed = StringIO(), StringIO()

    call_command("route_orders", "--order", order.number, "--dry-run", "--json", stdout=dry)
    preview = api.post("/api/v1/routing/preview", {"order_id": order.pk}, format="json")
    routed = api.post(f"/api/v1/orders/{order.pk}/route", {}, format="json")
    stored = api.get(f"/api/v1/orders/{order.pk}/decision")
    call_command("route_orders", "--order", order.number, stdout=printed)

    assert [answer.status_code for answer in (preview, routed, stored)] == [200] * 3
    decisions = [preview.json()["decision"], routed.json()["decision"], stored.json()]
    for decision in decisions:
        (problem, *_others) = decision["problems"]
        assert said in problem["sentence"]
        assert problem["next_step"]
        assert decision["warehouse"] is None
    (row,) = json.loads(dry.getvalue())
    assert said in " ".join(row["reasons"])
    assert f"{order.number}: waits for a person." in printed.getvalue()
    assert said in printed.getvalue()


@every_situation
def test_weighing_and_listing_the_options_never_raise(make, said):
    network()
    order = make()

    assert weigh(order).chosen is None
    assert options(order).possible.order == order.number


def test_a_rule_that_cannot_be_asked_is_named_and_left_out():
    network()
    rule(
        {"action": "forbid", "target": "carrier", "codes": "ups"},
        conditions=[{"field": "weight", "operator": "is more than", "values": "heavy"}],
        name="Broken",
    )

    routed = route_order(ready().pk)

    assert (routed.state, again(routed.order).status) == ("review", "needs_review")
    assert "Broken" in routed.sentence


def test_every_page_says_so_when_no_ruleset_is_in_force(boss):
    house = network()
    order = ready()
    Ruleset.objects.update(state="archived")
    page = f"/admin/orders/order/{order.pk}"

    for address in (f"{page}/route-now/", f"{page}/approve/"):
        answer = boss.post(address)
        assert answer.status_code == 400
        assert "No ruleset is in force" in answer.text
    assert "No ruleset is in force" in boss.get(f"{page}/override/").text
    assert boss.get(f"{page}/change/").status_code == 200
    assert Order.objects.get().warehouse is None
    assert house.is_active


def test_an_override_of_an_order_without_lines_says_what_is_missing():
    house = network()
    order = ready()
    order.lines.all().delete()

    with pytest.raises(NotACandidate, match="no lines"):
        override_route(
            order,
            warehouse=house,
            service=CarrierService.objects.get(),
            reason="other",
            text="Try",
        )
