"""Routing as it is written down: decision, stock, status and history, together or not at all."""

from datetime import date
from itertools import groupby

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Finding, Hold, Order, OrderEvent, OrderStatus, Reservation, Tag
from orders.services import add_line, edit_order, release_hold, reserve_lines
from orders.stock_proof import prove_stock
from routing.compare import IDENTICAL
from routing.errors import CannotRoute, NoRulesetInForce, NotACandidate, NothingPinned
from routing.models import DecisionKind, OverrideReason, RoutingDecision, Ruleset
from routing.services import route
from routing.services.batch import Batch
from routing.services.changes import (
    approve_review,
    approve_reviews,
    override_route,
    remove_pins,
    reroute_order,
    unroute_order,
)
from routing.services.orders import load_orders
from routing.services.replay import decision_of, replay
from routing.services.route import route_order, route_orders
from routing.services.rules import ruleset_in_force
from routing.services.weigh import options, recommend, weigh
from tests.factories import FindingFactory, OrderFactory
from tests.routing.stored import again, current, fedex, network, ready, rule, two_houses
from tests.warehouses.stock import numbers
from warehouses.models import CarrierService, RateCard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stock_adds_up_after_every_test(db):
    yield
    assert prove_stock().ok


def states(outcomes):
    return {one.order.number: one.state for one in outcomes}


def statements(captured):
    """How many, with an INSERT that SQLite takes in several counted once."""
    heads = [query["sql"].partition(" VALUES ")[0][:120] for query in captured]
    return len([head for head, _same in groupby(heads)])


def doubtful(**changes):
    """An order that goes to review with its choice prepared: nobody has a warehouse in Texas."""
    return ready(wanted_warehouse_state="TX", **changes)


def test_a_routed_order_has_its_route_its_stock_and_its_reasons(acting):
    house, order = network(), ready({"MUG": 3})

    routed = route_order(order.pk)

    order.refresh_from_db()
    assert (routed.state, order.status) == ("routed", OrderStatus.ROUTED)
    assert (order.warehouse, order.service.code, order.platform) == (house, "ups-ground", "veeqo")
    assert numbers(house) == (100, 3)
    stored = current(order)
    assert (stored.warehouse, stored.kind, stored.actor_id) == (house, "automatic", acting.pk)
    assert stored.ruleset == ruleset_in_force()
    event = OrderEvent.objects.get(order=order, to_status=OrderStatus.ROUTED)
    assert "RNO1 by ups-ground" in event.message
    assert event.correlation_id == stored.correlation_id == "click-0001"


def test_the_carrier_decides_the_platform():
    house = network()
    carried = fedex(house)

    route_order(ready(wanted_carrier=carried.carrier, number="F").pk)

    assert Order.objects.get(number="F").platform == "easyship"


def test_sixty_orders_cost_as_many_queries_as_ten():
    network({"MUG": 500})
    rule({"action": "tag", "codes": "checked"}, {"action": "hold", "text": "Look at it"})
    few, many = ([ready().pk for _ in range(count)] for count in (10, 60))
    # The first batch of all writes down the network, too.
    route_order(ready().pk)

    with CaptureQueriesContext(connection) as for_ten:
        route_orders(few)
    with CaptureQueriesContext(connection) as for_sixty:
        route_orders(many)

    assert statements(for_sixty) == statements(for_ten)
    assert Order.objects.filter(status=OrderStatus.ROUTED).count() == 71


def test_reviews_cost_a_fixed_number_of_queries_too():
    network({"MUG": 500})
    few, many = ([doubtful().pk for _ in range(count)] for count in (5, 30))
    route_order(doubtful().pk)

    with CaptureQueriesContext(connection) as for_five:
        route_orders(few)
    with CaptureQueriesContext(connection) as for_thirty:
        route_orders(many)

    assert statements(for_thirty) == statements(for_five)


def test_what_is_promised_first_gets_the_last_unit():
    network({"MUG": 1})
    late = ready(number="late", promise_date=date(2030, 5, 2))
    soon = ready(number="soon", promise_date=date(2030, 5, 1))
    never = ready(number="never")

    found = states(route_orders([never.pk, late.pk, soon.pk]))

    assert found == {"soon": "routed", "late": "review", "never": "review"}


def test_orders_of_one_batch_see_what_is_left_by_those_before():
    reno, portland = two_houses(1, 1)

    route_orders([ready().pk, ready().pk])

    assert numbers(reno) == numbers(portland) == (1, 1)


def test_safety_stock_is_never_promised():
    house = network({"MUG": 3})
    house.stock_levels.update(safety_stock=3)

    assert route_order(ready().pk).state == "review"


def test_an_order_that_fits_nowhere_whole_is_split():
    reno = network({"MUG": 5}, code="RNO1")
    portland = network({"CAP": 5}, code="PDX1")
    order = ready({"MUG": 2, "CAP": 1})

    routed = route_order(order.pk)

    if routed.state == "review":
        approve_review(order)
    assert (numbers(reno), numbers(portland, "CAP")) == ((5, 2), (5, 1))
    assert current(order).parcels == 2


def test_stock_taken_between_deciding_and_writing_means_deciding_again():
    reno, portland = two_houses(1, 5)
    batch = Batch.of(load_orders([ready(number="A").pk]), ruleset_in_force(), _now())
    loaded = load_orders(list(Order.objects.filter(number="A").values_list("pk", flat=True)))
    first = batch.decide(loaded[0])
    reserve_lines(OrderFactory(), reno)

    written, lost = route.write(batch, [first])
    batch.look_again([one.loaded for one in lost])
    second = batch.decide(lost[0].loaded)
    (won,), lost_again = route.write(batch, [second])

    assert (written, lost_again) == ([], [])
    assert first.decision.chosen.warehouse == "RNO1"
    assert (won.state, again(won.order).warehouse) == ("routed", portland)
    assert replay(current(won.order)) == IDENTICAL


def test_an_order_changed_between_deciding_and_writing_is_left_alone():
    network()
    order = ready()
    batch = Batch.of(load_orders([order.pk]), ruleset_in_force(), _now())
    decided = batch.decide(load_orders([order.pk])[0])
    edit_order(order.pk, order.version, {"notes": "Wait"})

    (outcome,), lost = route.write(batch, [decided])

    assert (outcome.state, lost) == ("refused", [])
    assert "Route it again" in outcome.sentence
    assert not RoutingDecision.objects.exists()


def test_a_rule_holds_and_tags_once():
    network()
    rule({"action": "hold", "text": "Ask first"}, {"action": "tag", "codes": "vip"})
    order = ready()

    route_order(order.pk)
    release_hold(Hold.objects.get())
    reroute_order(again(order), "Again")

    assert Hold.objects.filter(released_at=None).count() == 0
    assert [tag.name for tag in order.tags.all()] == ["vip"]
    assert Tag.objects.count() == 1


def test_a_doubtful_order_goes_to_review_and_its_finding_closes_with_its_route():
    house, order = network(), doubtful()

    assert route_order(order.pk).state == "review"

    assert again(order).status == OrderStatus.NEEDS_REVIEW
    finding = Finding.objects.get(order=order, state="open")
    assert (finding.code, finding.field) == ("route_review", "route")
    assert "TX" in finding.message
    assert "Approve" in finding.next_step
    assert numbers(house) == (100, 0)
    edit_order(order.pk, again(order).version, {"wanted_warehouse_state": ""})
    assert route_order(order.pk).state == "routed"
    assert not Finding.objects.filter(state="open", field="route").exists()


def test_the_next_decision_takes_the_place_of_the_one_before():
    network()
    order = doubtful()
    route_order(order.pk)
    route_order(order.pk)

    assert RoutingDecision.objects.filter(order=order).count() == 2
    assert RoutingDecision.objects.filter(order=order, is_current=True).count() == 1
    assert Finding.objects.filter(order=order, state="open").count() == 1


def test_approving_takes_what_was_prepared_and_keeps_the_doubts(acting):
    house, order = network(), doubtful()
    route_order(order.pk)

    approve_review(order)

    stored = current(order)
    assert (stored.kind, stored.needs_review) == (DecisionKind.APPROVED, False)
    assert [problem.code for problem in decision_of(stored).problems] == ["wish_refused"]
    assert replay(stored) == IDENTICAL
    assert numbers(house) == (100, 1)
    event = OrderEvent.objects.get(order=order, to_status=OrderStatus.ROUTED)
    assert event.message.startswith("Approved.")
    assert not Finding.objects.filter(state="open").exists()


def test_nobody_approves_a_choice_that_nobody_has_seen():
    reno, _portland = two_houses(1, 5)
    order = doubtful()
    route_order(order.pk)
    reserve_lines(OrderFactory(), reno)

    with pytest.raises(CannotRoute, match=r"RNO1.* was prepared; by now PDX1"):
        approve_review(order)

    assert again(order).status == OrderStatus.NEEDS_REVIEW
    route_order(order.pk)
    assert approve_review(order).state == "routed"


def test_approving_without_anything_prepared_says_what_to_do():
    network()

    with pytest.raises(CannotRoute, match=r"no prepared choice. Route it first"):
        approve_review(ready())


def test_many_approvals_share_the_stock_there_is():
    network({"MUG": 3})
    orders = [doubtful() for _ in range(3)]
    orders.append(doubtful(lines={"MUG": 2}))
    route_orders(order.pk for order in orders)

    found = approve_reviews([order.pk for order in orders])

    assert sorted(one.state for one in found) == ["refused", "routed", "routed", "routed"]


def test_an_override_is_pinned_priced_and_explained(acting):
    reno, portland = two_houses()
    carried = fedex(reno, portland)
    RateCard.objects.filter(service=carried).update(price="10.15")
    order = ready()

    override_route(
        order,
        warehouse=portland,
        service=carried,
        reason=OverrideReason.CUSTOMER,
        text="Called twice",
    )

    order, stored = again(order), current(order)
    assert (order.warehouse, order.service, order.platform) == (portland, carried, "easyship")
    assert (order.pinned_warehouse, order.pinned_service) == (portland, carried)
    assert (stored.kind, stored.extra_cents) == (DecisionKind.OVERRIDE, 175)
    assert (stored.override_reason, stored.override_text) == ("customer", "Called twice")
    event = OrderEvent.objects.get(order=order, to_status=OrderStatus.ROUTED)
    assert "Customer asked. Called twice" in event.message
    assert replay(stored) == IDENTICAL


def test_a_routed_order_can_be_overridden_even_onto_its_own_last_unit():
    house = network({"MUG": 1})
    carried, order = fedex(house), ready()
    route_order(order.pk)

    assert recommend(again(order)).chosen.warehouse == "RNO1"
    override_route(again(order), warehouse=house, service=carried, reason="cost", text="Cheaper")

    assert again(order).service == carried
    assert numbers(house) == (1, 1)


def test_pins_survive_routing_again():
    _reno, portland = two_houses()
    order, carried = ready(), CarrierService.objects.get(code="ups-ground")
    route_order(order.pk)
    assert again(order).warehouse.code == "RNO1"
    override_route(again(order), warehouse=portland, service=carried, reason="stock", text="Empty")

    reroute_order(again(order), "New day")

    assert again(order).warehouse == portland


def test_an_override_stands_above_rules_and_wishes():
    house = network()
    carried, order = fedex(house), ready(wanted_carrier=None)
    rule({"action": "forbid", "target": "carrier", "codes": "fedex"})
    order = ready(wanted_carrier=CarrierService.objects.get(code="ups-ground").carrier)

    found = options(order)
    override_route(order, warehouse=house, service=carried, reason="other", text="Their account")

    assert {one.service for one in found.possible.candidates if one.is_eligible} == {
        "fedex-ground",
        "ups-ground",
    }
    assert again(order).service == carried


def test_an_override_to_what_cannot_ship_it_names_the_gate_and_changes_nothing():
    house, empty = network(), network({"MUG": 0}, code="PDX1")
    order = ready()
    route_order(order.pk)

    with pytest.raises(NotACandidate, match="PDX1 has 0 of 1 units of MUG"):
        override_route(
            again(order),
            warehouse=empty,
            service=CarrierService.objects.get(),
            reason="other",
            text="Try",
        )

    assert again(order).warehouse == house
    assert again(order).pinned_warehouse is None
    assert numbers(house) == (100, 1)


def test_unrouting_frees_the_stock_and_keeps_the_pins():
    house, order = network(), ready()
    override_route(
        order, warehouse=house, service=CarrierService.objects.get(), reason="other", text="So"
    )

    unroute_order(again(order), "Customer changed their mind")

    order = again(order)
    assert (order.status, order.warehouse, order.service) == (OrderStatus.READY, None, None)
    assert order.pinned_warehouse == house
    assert numbers(house) == (100, 0)
    assert not RoutingDecision.objects.filter(order=order, is_current=True).exists()


def test_only_what_is_routed_is_unrouted():
    network()

    with pytest.raises(CannotRoute, match="only a routed order"):
        unroute_order(ready(), "Why not")


def test_routing_chooses_again_once_the_pins_are_removed():
    _reno, portland = two_houses()
    order = ready()
    override_route(
        order, warehouse=portland, service=CarrierService.objects.get(), reason="other", text="So"
    )

    remove_pins(again(order), "Stock is right again")
    reroute_order(again(order), "Pins are gone")

    assert again(order).warehouse.code == "RNO1"
    with pytest.raises(NothingPinned):
        remove_pins(again(order), "Once more")


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (OrderStatus.NEW, "Check it first"),
        (OrderStatus.CANCELLED, "Nothing is to be routed"),
        (OrderStatus.PROBLEM, "Solve its problem"),
    ],
)
def test_an_order_that_may_not_be_routed_is_refused_with_the_next_step(status, step):
    network()
    order = OrderFactory(status=status, problem="Stuck")

    with pytest.raises(CannotRoute, match=step):
        route_order(order.pk)


def test_an_order_with_an_error_is_refused_with_what_is_wrong():
    network()
    order = ready(status=OrderStatus.NEEDS_REVIEW)
    FindingFactory(order=order)

    with pytest.raises(CannotRoute, match=r"MUGG is no known product. Choose the product."):
        route_order(order.pk)


def test_an_order_that_still_holds_stock_is_unrouted_first():
    house = network()
    order = ready()
    reserve_lines(order, house)

    with pytest.raises(CannotRoute, match="still has stock reserved"):
        route_order(order.pk)
    unroute_order(again(order), "Left over")

    assert route_order(order.pk).state == "routed"


def test_rerouting_that_is_refused_leaves_the_order_as_it_was():
    house, order = network(), ready()
    route_order(order.pk)
    FindingFactory(order=order)

    with pytest.raises(CannotRoute):
        reroute_order(again(order), "Again")

    assert again(order).warehouse == house
    assert numbers(house) == (100, 1)


def test_weighing_writes_nothing_and_counts_what_the_order_holds_as_free():
    house = network({"MUG": 1})
    order = ready()
    route_order(order.pk)

    decision = weigh(again(order))

    assert decision.chosen.warehouse == house.code
    assert RoutingDecision.objects.count() == 1


def test_without_a_ruleset_in_force_nothing_is_routed():
    network()
    order = ready()
    Ruleset.objects.update(state="archived")

    with pytest.raises(NoRulesetInForce, match="Publish one"):
        route_order(order.pk)


def test_every_stored_decision_of_a_busy_day_replays_identical():
    reno, _portland = two_houses(8, 8)
    carried = fedex(reno)
    rule({"action": "prefer", "target": "carrier", "codes": "ups", "percent": 90})
    orders = [ready({"MUG": 1 + number % 3}) for number in range(8)]
    orders += [doubtful() for _ in range(3)]
    route_orders(order.pk for order in orders)
    override_route(again(orders[0]), warehouse=reno, service=carried, reason="cost", text="So")
    unroute_order(again(orders[1]), "Wait")
    edit_order(orders[1].pk, again(orders[1]).version, {"state": "NV", "postal_code": "89501"})
    route_orders([orders[1].pk, *(order.pk for order in orders[-3:])])
    approve_reviews([order.pk for order in orders])
    reroute_order(again(orders[2]), "New day")
    add_line(*_open_order(), {"sku": "MUG", "quantity": 99})
    route_orders(Order.objects.values_list("pk", flat=True))

    verdicts = {replay(stored) for stored in RoutingDecision.objects.all()}

    assert verdicts == {IDENTICAL}
    assert RoutingDecision.objects.count() > 15
    assert Reservation.objects.filter(state="open").exists()


def _open_order():
    order = ready()
    return order.pk, order.version


def _now():
    return route.timezone.now()
