from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from routing.errors import RulesetRefused
from routing.models import RoutingDecision, Simulation, SimulationState
from routing.rules import Condition, Outcome, Rule
from routing.services import simulate
from routing.services.edit_rules import switch_rule
from routing.services.simulate import (
    cancel_simulation,
    resume_simulations,
    run_simulation,
    start_simulation,
)
from tests.factories import SimulationRowFactory, UserFactory
from tests.routing.small_world import LIKE_UPS, NO_UPS, build_world, routed_orders, ruleset

pytestmark = pytest.mark.django_db
NOBODY = Rule(20, "Nobody", (), (Outcome("forbid", "warehouse", ("RNO1",)),))


@pytest.fixture
def boss(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def page(row, name="change"):
    return reverse(f"admin:routing_simulation_{name}", args=[row.pk])


def world_with_orders(count):
    build_world()
    ruleset(LIKE_UPS, in_force=True)
    return routed_orders(count)


def simulated(draft, days=7):
    simulation = start_simulation(draft, days)
    run_simulation(simulation.pk)
    simulation.refresh_from_db()
    return simulation


def test_the_same_rules_change_nothing():
    world_with_orders(3)

    simulation = simulated(ruleset(LIKE_UPS))

    assert (simulation.state, simulation.done, simulation.changed) == ("done", 3, 0)
    summary = simulation.summary
    assert {summary[f"{side}.cents.USD"] for side in ("before", "after")} == {3 * 840}


def test_other_rules_change_carrier_and_cost_and_say_so_order_by_order():
    orders = world_with_orders(3)

    simulation = simulated(ruleset(LIKE_UPS, NO_UPS))

    rows = simulation.rows.select_related("decision__order")
    assert {row.decision.order for row in rows} == set(orders)
    assert {(row.before, row.after) for row in rows} == {
        ("RNO1 · ups-ground", "RNO1 · fedex-ground")
    }
    assert {(row.cents_before, row.cents_after) for row in rows} == {(840, 1100)}
    summary = simulation.summary
    assert (simulation.done, simulation.changed) == (3, 3)
    assert (summary["before.carrier.ups"], summary["after.carrier.fedex"]) == (3, 3)
    assert (summary["before.cents.USD"], summary["after.cents.USD"]) == (2520, 3300)


def test_an_order_that_nothing_can_ship_is_no_saving():
    world_with_orders(2)

    simulation = simulated(ruleset(LIKE_UPS, NOBODY))

    assert simulation.summary["after.impossible"] == 2
    assert "before.cents.USD" not in simulation.summary
    assert {row.after for row in simulation.rows.all()} == {"nothing can ship it"}


def test_orders_are_not_touched():
    world_with_orders(1)
    before = list(Order.objects.values()), list(RoutingDecision.objects.values())

    simulated(ruleset(NO_UPS))

    assert (list(Order.objects.values()), list(RoutingDecision.objects.values())) == before


def test_only_the_days_asked_for_count():
    world_with_orders(2)
    old = RoutingDecision.objects.first()
    RoutingDecision.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=9))

    assert simulated(ruleset(), days=7).done == 1
    assert simulated(ruleset(), days=30).done == 2


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_that_make_no_sense_are_refused(days):
    with pytest.raises(RulesetRefused, match="1 to 366"):
        start_simulation(ruleset(), days)


def test_a_killed_run_goes_on_where_it_stopped_and_counts_nothing_twice(monkeypatch):
    monkeypatch.setattr(simulate, "CHUNK", 2)
    world_with_orders(5)
    simulation = start_simulation(ruleset(LIKE_UPS, NO_UPS), 7)
    token = simulate._claim(simulation.pk)
    assert simulate._chunk(simulation.pk, token)  # and then the worker is killed

    assert run_simulation(simulation.pk) == "nothing to do"
    Simulation.objects.update(job_until=timezone.now() - timedelta(seconds=1))
    assert resume_simulations() == 1
    assert run_simulation(simulation.pk) == "done"
    assert run_simulation(simulation.pk) == "nothing to do"

    simulation.refresh_from_db()
    assert (simulation.done, simulation.changed, simulation.rows.count()) == (5, 5, 5)
    assert simulation.summary["before.orders"] == 5


def test_a_worker_whose_lease_was_taken_over_writes_nothing_more():
    world_with_orders(1)
    simulation = start_simulation(ruleset(NO_UPS), 7)
    first = simulate._claim(simulation.pk)
    Simulation.objects.update(job_until=timezone.now() - timedelta(seconds=1))
    assert simulate._claim(simulation.pk)

    assert not simulate._chunk(simulation.pk, first)

    simulation.refresh_from_db()
    assert simulation.done == 0


def test_a_cancelled_simulation_keeps_what_it_found(monkeypatch):
    monkeypatch.setattr(simulate, "CHUNK", 1)
    world_with_orders(3)
    simulation = start_simulation(ruleset(NO_UPS), 7)
    token = simulate._claim(simulation.pk)
    simulate._chunk(simulation.pk, token)

    cancel_simulation(simulation)

    assert not simulate._chunk(simulation.pk, token)
    simulation.refresh_from_db()
    assert (simulation.state, simulation.done) == ("cancelled", 1)
    assert run_simulation(simulation.pk) == "nothing to do"


def test_a_draft_that_is_edited_meanwhile_ends_its_simulation(monkeypatch):
    world_with_orders(1)
    draft = ruleset(LIKE_UPS, NO_UPS)
    simulation = start_simulation(draft, 7)
    switch_rule(draft.rules.first(), is_active=False)

    run_simulation(simulation.pk)

    simulation.refresh_from_db()
    assert (simulation.state, simulation.done) == (SimulationState.FAILED, 0)
    assert "Simulate it again" in simulation.problem


def test_starting_twice_starts_one():
    draft = ruleset()

    assert start_simulation(draft, 7) == start_simulation(draft, 7)
    assert start_simulation(draft, 8) != start_simulation(draft, 7)


def test_a_decision_of_another_version_is_left_out_and_counted():
    _fine, foreign = world_with_orders(2)
    foreign.decisions.update(order_facts={"format": 999})

    simulation = simulated(ruleset())

    assert (simulation.state, simulation.done, simulation.summary["unreadable"]) == ("done", 2, 1)


# --- the page -------------------------------------------------------------------------------------


def test_the_page_shows_what_would_change_with_charts_and_links(boss):
    (order,) = world_with_orders(1)

    text = boss.get(page(simulated(ruleset(LIKE_UPS, NO_UPS)))).text

    assert "<b>1</b> of 1 order would have gone another way" in text
    assert "+2.60 USD (+31.0%)" in text
    assert "RNO1 · Fedex Ground" in text
    assert reverse("admin:orders_order_change", args=[order.pk]) in text
    assert text.count('class="chart"') == 2


def test_the_page_of_a_running_simulation_asks_for_its_progress(boss):
    world_with_orders(2)
    simulation = start_simulation(ruleset(), 7)

    assert page(simulation, "progress") in boss.get(page(simulation)).text
    running = boss.get(page(simulation, "progress")).json()
    run_simulation(simulation.pk)
    ended = boss.get(page(simulation, "progress")).json()

    assert (running["is_working"], running["done"], running["total"]) == (True, 0, 2)
    assert (ended["is_working"], ended["done"]) == (False, 2)


def test_an_old_simulation_says_that_the_ruleset_was_changed(boss):
    draft = ruleset(LIKE_UPS, NO_UPS)
    simulation = simulated(draft)
    switch_rule(draft.rules.first(), is_active=False)

    assert "was changed after this" in boss.get(page(simulation)).text


def test_the_cancel_button_is_there_while_it_runs_and_works(boss):
    simulation = start_simulation(ruleset(), 7)
    titles = [one["title"] for one in boss.get(page(simulation)).context["actions_detail"]]

    boss.post(page(simulation, "cancel"))

    simulation.refresh_from_db()
    assert (titles, simulation.state) == (["Cancel"], SimulationState.CANCELLED)
    assert boss.get(page(simulation)).context["actions_detail"] == []


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_costs_the_same_queries_for_one_difference_as_for_sixty(
    boss, count, django_assert_num_queries
):
    orders = world_with_orders(count)
    draft = ruleset(Rule(10, "R", (Condition("state", "is", ("NV",)),), LIKE_UPS.outcomes))
    simulation = Simulation.objects.create(
        ruleset=draft, ruleset_version=1, state=SimulationState.DONE, done=count, changed=count
    )
    for order in orders:
        SimulationRowFactory(simulation=simulation, decision=order.decisions.get())

    with django_assert_num_queries(10):
        assert boss.get(page(simulation)).status_code == 200
