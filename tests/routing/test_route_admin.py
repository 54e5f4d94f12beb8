"""What staff see of a route and may do about it: on the order's page, in the list, in the queue."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.models import BulkRun, Order, OrderStatus
from orders.services.bulk import FilteredOrders, action_named, highest_order_id, start_bulk_run
from orders.stock_proof import prove_stock
from routing.models import RoutingDecision, Ruleset
from routing.services.route import route_order, route_orders
from tests.factories import FindingFactory, UserFactory
from tests.orders.bulk import allow, counts, results, start, work
from tests.routing.stored import again, current, fedex, network, ready, rule, two_houses
from tests.warehouses.stock import numbers
from warehouses.models import Warehouse

pytestmark = pytest.mark.django_db
QUEUE = "/admin/routing/routingdecision/review/"


@pytest.fixture
def boss(client):
    client.force_login(UserFactory(is_superuser=True, username="boss"))
    return client


@pytest.fixture
def router(staff, acting):
    allow(staff, "view_order", "route_order", "approve_review", "override_route")
    return staff


def page(order, action="change"):
    return f"/admin/orders/order/{order.pk}/{action}/"


def doubtful(**changes):
    return ready(wanted_warehouse_state="TX", **changes)


def texts(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'")


def test_the_order_page_shows_the_decision_and_everything_it_was_weighed_against(boss):
    reno, empty = network(), network({"MUG": 0}, code="LAX1", state="CA")
    fedex(reno)
    rule({"action": "prefer", "target": "carrier", "codes": "ups", "percent": 90}, name="UPS first")
    order = ready()
    route_order(order.pk)

    shown = texts(boss.get(page(order)).text)

    for said in (
        "RNO1 · Ups Ground",
        "Automatic",
        "8.40 USD",
        "Last safe minute",
        "Confidence",
        "UPS first",
        "2 passed every gate, 2 did not",
        f"{empty} has 0 of 1 units of MUG",
        "History of decisions",
    ):
        assert said in shown
    assert re.search(r"\d\d:\d\d P[SD]T", shown)


def test_the_page_of_an_order_costs_the_same_queries_after_one_decision_and_after_seven(boss):
    network()
    orders = [doubtful(), doubtful()]
    route_order(orders[0].pk)
    for _ in range(7):
        route_order(orders[1].pk)
    boss.get(page(orders[0]))

    with CaptureQueriesContext(connection) as once:
        boss.get(page(orders[0]))
    with CaptureQueriesContext(connection) as often:
        boss.get(page(orders[1]))

    assert len(often) == len(once)


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (OrderStatus.READY, {"Route", "Override…"}),
        (OrderStatus.NEEDS_REVIEW, {"Approve", "Decide again", "Override…"}),
        (OrderStatus.ROUTED, {"Override…", "Re-route…", "Unroute…"}),
        (OrderStatus.CANCELLED, set()),
    ],
)
def test_only_what_would_do_something_is_offered(boss, status, offered):
    network()
    order = doubtful() if status == OrderStatus.NEEDS_REVIEW else ready()
    if status in (OrderStatus.NEEDS_REVIEW, OrderStatus.ROUTED):
        route_order(order.pk)
    Order.objects.filter(pk=order.pk).update(status=status)

    context = boss.get(page(order)).context

    assert {label for label, _address, _is_one_click in context["route_buttons"]} == offered


def test_who_may_only_look_is_offered_nothing(client, staff):
    allow(staff, "view_order")
    network()
    order = ready()
    client.force_login(staff)

    assert client.get(page(order)).context["route_buttons"] == []
    assert client.post(page(order, "route-now")).status_code == 403


def test_one_click_routes_and_one_click_approves(boss):
    house, order = network(), doubtful()

    boss.post(page(order, "route-now"))
    assert again(order).status == OrderStatus.NEEDS_REVIEW
    answer = boss.post(page(order, "approve"), {"back": "review"}, follow=True)

    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "is routed" in answer.text
    assert (again(order).status, numbers(house)) == (OrderStatus.ROUTED, (100, 1))
    assert "Approved by boss" in texts(boss.get(page(order)).text)


def test_the_override_form_lists_prices_days_and_what_cannot_ship_it(boss):
    reno, empty = network(), network({"MUG": 0}, code="LAX1", state="CA")
    carried = fedex(reno)
    carried.rates.update(price="10.15")
    rule({"action": "forbid", "target": "carrier", "codes": "fedex"}, name="No FedEx here")
    order = ready()

    answer = boss.get(page(order, "override"))

    options = {one.value: one for one in answer.context["form"].options}
    assert options["RNO1/ups-ground"].is_recommended
    assert options["RNO1/fedex-ground"].extra == "+1.75 USD"
    assert "No FedEx here" in " ".join(options["RNO1/fedex-ground"].remarks)
    assert options["RNO1/ups-ground"].days == 5
    assert f"{empty} has 0 of 1 units of MUG" in texts(answer.text)


def test_the_override_page_of_what_nothing_can_ship_is_short_and_says_what_to_do(boss):
    network({"MUG": 4})
    network({"MUG": 0}, code="LAX1", state="CA")
    fedex(*Warehouse.objects.all())
    order = ready({"MUG": 900})

    form = boss.get(page(order, "override")).context["form"]

    assert (form.options, form.more) == ([], [])
    assert form.problems[0][1].startswith("Wait for stock")
    assert [(one.warehouse, one.count, one.common) for one in form.shut] == [
        ("LAX1", 2, ["LAX1 has 0 of 900 units of MUG."]),
        ("RNO1", 2, ["RNO1 has 4 of 900 units of MUG."]),
    ]
    said = ["The parcel weighs 360000 g; Fedex Ground takes 68000 g."]
    assert form.shut[0].services[0][0] == "Fedex Ground"
    assert form.shut[0].services[0][1][:1] == said
    assert "MUG" not in str(form.shut[0].services)


def test_a_route_decided_again_under_a_pin_says_that_the_pin_held(boss):
    _reno, portland = two_houses()
    order = ready()
    form = {"choice": "PDX1/ups-ground", "reason": "stock", "text": "Reno is snowed in"}
    boss.post(page(order, "override"), form)

    boss.post(page(order, "reroute"), {"reason": "New day"})

    assert again(order).warehouse == portland
    assert current(order).kind == "pinned"
    shown = texts(boss.get(page(order)).text)
    assert "As a person pinned it" in shown
    assert "Automatic" not in shown


def test_an_override_is_done_from_the_form(boss):
    _reno, portland = two_houses()
    order = ready()
    form = {"choice": "PDX1/ups-ground", "reason": "stock", "text": "Reno is snowed in"}

    boss.post(page(order, "override"), form)

    assert again(order).warehouse == portland
    shown = texts(boss.get(page(order)).text)
    assert "Stock is wrong: Reno is snowed in" in shown
    assert "Chosen by boss" in shown
    assert "Remove pins…" in shown


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"choice": ""}, "Choose a warehouse and service"),
        ({"choice": "LAX1/ups-ground"}, "LAX1 has 0 of 1 units of MUG"),
        ({"choice": "XXX/ups-ground"}, "do not exist any more"),
        ({"reason": ""}, "This field is required"),
        ({"text": ""}, "This field is required"),
    ],
)
def test_an_override_that_cannot_be_is_refused_beside_the_form(boss, form, said):
    house = network()
    network({"MUG": 0}, code="LAX1", state="CA")
    order = ready()
    sensible = {"choice": "RNO1/ups-ground", "reason": "cost", "text": "Cheap"}

    answer = boss.post(page(order, "override"), sensible | form)

    assert answer.status_code == 400
    assert said in texts(answer.text)
    assert again(order).pinned_warehouse is None
    assert numbers(house) == (100, 0)


def test_a_route_finding_is_answered_by_the_route_and_not_overridden(boss):
    network()
    order = doubtful()
    route_order(order.pk)
    finding = order.findings.get(field="route")

    answer = boss.post(f"/admin/orders/finding/{finding.pk}/override/", {"reason": "Fine"})

    assert "Approve or override the route" in answer.text
    finding.refresh_from_db()
    assert finding.state == "open"


def test_the_queue_is_ordered_by_the_last_safe_minute_and_marks_what_is_missed(boss):
    network()
    orders = [doubtful(number=number) for number in ("later", "soon", "missed")]
    orders.append(ready({"MUG": 900}, number="none"))
    route_orders(order.pk for order in orders)
    now = timezone.now()
    for order, hours in zip(orders[:3], (3, 1, -1), strict=True):
        minute = now + timedelta(hours=hours)
        RoutingDecision.objects.filter(order=order).update(last_safe_minute=minute)

    answer = boss.get(QUEUE)
    impossible = boss.get(QUEUE, {"show": "impossible"})

    rows = answer.context["rows"].object_list
    assert [(row.order.number, row.is_past) for row in rows] == [
        ("missed", True),
        ("soon", False),
        ("later", False),
    ]
    assert {name: int(n) for name, _label, n in answer.context["tabs"]} == {
        "prepared": 3,
        "past": 1,
        "impossible": 1,
    }
    assert "TX" in rows[0].why
    assert [row.order.number for row in impossible.context["rows"].object_list] == ["none"]
    assert "Wait for stock" in texts(impossible.text)


def test_the_queue_costs_the_same_queries_for_two_orders_as_for_twelve(boss):
    network()
    route_orders([doubtful().pk for _ in range(2)])
    boss.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        boss.get(QUEUE)
    route_orders([doubtful().pk for _ in range(10)])
    with CaptureQueriesContext(connection) as many:
        boss.get(QUEUE)

    assert len(many) == len(few)


def test_what_was_cancelled_leaves_the_queue(boss):
    network()
    order = doubtful()
    route_order(order.pk)
    boss.post(page(order, "cancel"), {"reason": "Asked"})

    assert "Nothing here waits" in boss.get(QUEUE).text


def test_a_stored_decision_is_replayed_from_its_page(boss):
    network()
    order = ready()
    route_order(order.pk)
    stored = current(order)
    address = f"/admin/routing/routingdecision/{stored.pk}/replay/"

    identical = boss.post(address, follow=True)
    stored.ruleset.rules.all().delete()
    other = boss.post(address)

    assert "Identical" in identical.text
    assert "The answer differs" in other.text


def test_the_first_page_counts_what_routing_waits_for(boss):
    network()
    ready()
    route_orders([doubtful().pk, ready({"MUG": 900}).pk])
    RoutingDecision.objects.update(last_safe_minute=timezone.now() - timedelta(minutes=1))

    sections = dict(boss.get("/admin/").context["sections"])

    found = {tile.title: int(tile.count) for tile in sections["Routing"]}
    assert found == {"To route": 1, "In review": 1, "Past the last safe minute": 1, "No route": 1}


def test_many_orders_are_routed_by_one_run(router):
    house = network({"MUG": 4})
    orders = [ready(number=f"R-{n}") for n in range(3)]
    orders += [doubtful(number="doubt"), ready(number="error")]
    FindingFactory(order=orders[-1])

    run = start("route", orders)
    work(run)

    assert counts(run) == (5, 3, 1, 0)
    assert run.to_review == 1
    assert results(run) == dict.fromkeys(("R-0", "R-1", "R-2"), "done") | {
        "doubt": "review",
        "error": "refused",
    }
    assert run.rows.get(label="doubt").message
    assert numbers(house) == (4, 3)
    assert current(orders[0]).actor == router


def test_a_run_says_apart_what_is_routed_what_waits_for_a_person_and_what_is_refused(boss, router):
    network()
    orders = [ready(number="fine"), doubtful(number="doubt"), ready(number="error")]
    FindingFactory(order=orders[-1])
    run = start_and_work("route", orders)
    address = f"/admin/orders/bulkrun/{run.pk}"

    page = boss.get(f"{address}/change/?show=review")
    download = b"".join(boss.get(f"{address}/results.csv").streaming_content).decode()

    words = {"done": "Routed", "review": "Waits for a person", "refused": "Refused"}
    assert page.context["words"] == words | {"failed": "Failed"}
    assert [row.label for row in page.context["rows"]] == ["doubt"]
    assert ("review", "Waits for a person", 1) in page.context["tabs"]
    assert "fine,Routed" in download
    assert "doubt,Waits for a person," in download
    taken_back = start_and_work("unroute", orders, reason="Wait")
    words = boss.get(f"/admin/orders/bulkrun/{taken_back.pk}/change/").context["words"]
    assert words == {"done": "Unrouted", "refused": "Refused", "failed": "Failed"}


def test_a_run_routes_all_that_match_the_filter(router):
    house = network()
    for number in range(12):
        ready(source="shopify" if number % 2 else "manual")

    run = start_bulk_run(
        "route", FilteredOrders("source=shopify", highest_order_id()), {}, "click-2"
    )
    work(run)

    assert counts(run) == (6, 6, 0, 0)
    assert numbers(house) == (100, 6)


def test_many_are_approved_rerouted_and_unrouted(router):
    house = network()
    orders = [doubtful(number=f"B-{n}") for n in range(3)]
    start_and_work("route", orders)
    approved = start_and_work("approve_reviews", orders)
    # Sure of it this time, so that re-routing does not ask again.
    Order.objects.update(wanted_warehouse_state="")
    FindingFactory(order=orders[0])
    rerouted = start_and_work("reroute", orders, reason="New day")
    unrouted = start_and_work("unroute", orders[1:], reason="Wait")

    assert [counts(run) for run in (approved, rerouted, unrouted)] == [
        (3, 3, 0, 0),
        (3, 2, 1, 0),
        (2, 2, 0, 0),
    ]
    assert numbers(house) == (100, 1)
    assert again(orders[0]).status == OrderStatus.ROUTED
    assert prove_stock().ok


def start_and_work(action, orders, **parameters):
    run = start(action, orders, token=f"click-{action}", **parameters)
    work(run)
    return run


def test_rerouting_many_leaves_those_with_their_route_that_get_no_other(router):
    house = network({"MUG": 5})
    orders = [ready(number=f"Q-{n}") for n in range(2)]
    route_orders(order.pk for order in orders)
    reserved = ready(status=OrderStatus.NEEDS_REVIEW, number="stuck")
    FindingFactory(order=reserved)

    run = start("reroute", [*orders, reserved], reason="New day")
    work(run)

    assert counts(run) == (3, 2, 1, 0)
    assert numbers(house) == (5, 2)


def test_a_run_without_a_ruleset_refuses_each_order(router):
    network()
    orders = [ready(), ready()]
    Ruleset.objects.update(state="archived")

    run = start("route", orders)
    work(run)

    assert counts(run) == (2, 0, 2, 0)
    assert "No ruleset is in force" in run.rows.first().message


@pytest.mark.parametrize(
    ("action", "refused"), [("route", 2), ("approve_reviews", 3), ("reroute", 1), ("unroute", 3)]
)
def test_the_confirm_page_foretells_refusals(boss, action, refused):
    network()
    orders = [ready(number="ready"), doubtful(number="doubt"), ready(number="routed")]
    orders.append(ready(number="new", status=OrderStatus.NEW))
    route_orders([orders[1].pk, orders[2].pk])

    said = action_named(action).forecast(Order.objects.all(), {})

    assert sum(count for _said, count in said) == refused
    chosen = {"action": action, "_selected_action": [order.pk for order in orders]}
    assert "will be refused" in boss.post("/admin/orders/order/", chosen).text
    assert not BulkRun.objects.exists()
