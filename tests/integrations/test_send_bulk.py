"""Send, resend and cancel as bulk runs, and what their confirm pages say before."""

from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.budgets import take
from integrations.dispatching.pacing import pace_of
from integrations.models import PlatformHealth
from integrations.services import cancel_at_platform, send_order
from integrations.services.bulk import CANCEL, RESEND, RETRY, SEND
from orders.models import Order, OrderStatus
from orders.services.bulk import bulk_actions
from orders.services.bulk.acting import outcomes_of
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    DispatchFactory,
    FindingFactory,
    HoldFactory,
    OrderFactory,
    StockLevelFactory,
)
from tests.integrations.inbound_case import parcel
from tests.orders.test_bulk_admin import choose

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def stocked(**changes):
    order = OrderFactory(routed=True, **changes)
    StockLevelFactory(warehouse=order.warehouse, product=order.lines.get().product, on_hand=9)
    return order


def called_back(**changes):
    """Cancelled before it was sent: ready, and its next send is a resend."""
    order = stocked(**changes)
    send_order(order)
    cancel_at_platform(order, "wrong box")
    order.refresh_from_db()
    return order


def forecast(action):
    return {said: n for said, n in action.forecast(Order.objects.all(), {}) if n}


def test_the_menu_offers_all_three_to_who_may():
    names = {action.name: action.permission for action in bulk_actions()}

    assert names["send"] == names["resend"] == "orders.send_order"
    assert names["cancel_there"] == "orders.cancel_order"


# --- acting ---------------------------------------------------------------------------------------


def test_what_was_called_back_is_sent_again_and_each_refusal_says_why():
    again, never, alive = called_back(), OrderFactory(routed=True), OrderFactory(routed=True)
    send_order(alive)

    answers = outcomes_of(RESEND, [again, never, alive], {"reason": "right box"})

    assert answers[again.pk].message.startswith("To be sent to Veeqo as ")
    assert "never sent" in answers[never.pk].message
    assert "Cancel it at the platform first" in answers[alive.pk].message


def test_many_are_called_back_and_what_is_nowhere_is_refused():
    sent, held, nowhere = OrderFactory(routed=True), parcel(), OrderFactory(routed=True)
    send_order(sent)
    DispatchFactory(order=held.order, kind="label", state="done", remote_id="R1")
    orders = [sent, held.order, nowhere]

    answers = CANCEL.act_many(orders, {"reason": "why", "cancels_order": True})

    assert answers[sent.pk].message == "No platform holds it any more; the order is “Cancelled”."
    assert answers[held.order.pk].message.startswith("To be cancelled at Veeqo as ")
    assert answers[nowhere.pk].result == "refused"
    assert held.order.dispatches.live().get().cancels_order


def test_all_that_waits_for_a_person_is_retried_and_the_rest_refused():
    stuck, fine = OrderFactory(routed=True), OrderFactory()
    stuck.move_to(OrderStatus.SENDING)
    stuck.move_to(OrderStatus.PROBLEM, problem="No.")
    waiting = DispatchFactory(order=stuck, state="needs_help", error="No.")

    answers = RETRY.act_many([stuck, fine], {})

    waiting.refresh_from_db()
    assert (waiting.state, answers[stuck.pk].result) == ("waiting", "done")
    assert answers[fine.pk].message.startswith(f"Nothing of order {fine} waits for a person")


# --- what will be refused -------------------------------------------------------------------------


def test_the_forecast_of_a_send_counts_each_reason():
    HoldFactory(order=OrderFactory(routed=True))
    FindingFactory(order=OrderFactory(routed=True))
    OrderFactory(ready=True)
    OrderFactory(routed=True)

    assert forecast(SEND) == {
        "not routed, or on their way already": 1,
        "on hold": 1,
        "with an error to be corrected first": 1,
    }


def test_the_forecast_of_a_resend_counts_each_reason():
    called_back()
    HoldFactory(order=called_back())
    OrderFactory(routed=True)
    send_order(OrderFactory(routed=True))
    called_back().move_to(OrderStatus.CANCELLED)
    there = OrderFactory(status=OrderStatus.PROBLEM, problem="No.")
    DispatchFactory(order=there, state="needs_help", error="No.", error_code="cancelled_there")

    assert forecast(RESEND) == {
        "never sent; use Send": 1,
        "not cancelled at the platform yet": 1,
        "cancelled here, or past sending": 1,
        "without a route": 1,
        "on hold": 1,
    }


def test_the_forecast_of_a_cancel_counts_each_reason():
    OrderFactory(routed=True)
    for state, more in (
        ("waiting", {}),
        ("unknown", {}),
        ("needs_help", {"kind": "cancel", "error": "No."}),
    ):
        DispatchFactory(order=OrderFactory(routed=True), state=state, **more)

    assert forecast(CANCEL) == {
        "at no platform": 1,
        "just being sent, or looked up there": 1,
        "being cancelled, but that waits for a person": 1,
    }


@pytest.mark.parametrize("action", [SEND, RESEND, CANCEL])
def test_as_many_are_refused_as_was_forecast(action):
    called_back()
    stocked()
    HoldFactory(order=OrderFactory(routed=True))
    HoldFactory(order=called_back())
    for order in (stocked(), stocked()):
        send_order(order)
    OrderFactory(ready=True)
    OrderFactory(status=OrderStatus.DELIVERED)
    expected = sum(forecast(action).values())

    orders = list(Order.objects.order_by("pk"))
    answers = outcomes_of(action, orders, {"reason": "why"})

    assert Counter(one.result for one in answers.values())["refused"] == expected
    assert 0 < expected < len(orders)


# --- what it takes --------------------------------------------------------------------------------


def test_the_confirm_page_shows_the_calls_against_the_budget_left(boss):
    fedex = CarrierFactory(code="fedex", platform="easyship")
    orders = OrderFactory.create_batch(3, routed=True)
    orders.append(
        OrderFactory(routed=True, service=CarrierServiceFactory(code="fedex-ground", carrier=fedex))
    )
    HoldFactory(order=orders[0])
    send_order(OrderFactory(routed=True))
    pace = pace_of("veeqo")
    take(
        "platform:veeqo",
        capacity=pace.capacity,
        per_second=pace.per_second,
        now=timezone.now().timestamp() + 3600,  # so that nothing is refilled meanwhile
        amount=pace.capacity - 10,
    )

    page = choose(boss, "send", orders).text

    assert "Needs about 26 calls of Veeqo (10 left now, 5 per second → about 6 s, behind 1" in page
    assert "Needs about 6 calls of Easyship (2 left now, 0.97 per second → about 5 s)." in page
    assert "1 will be refused: on hold." in page


def test_a_platform_that_is_paused_or_down_is_named(boss):
    order = OrderFactory(routed=True)
    health = PlatformHealth.objects.create(
        platform="veeqo", paused_at=timezone.now(), pause_reason="Talks."
    )

    assert "Veeqo is paused: Talks. They wait for it." in choose(boss, "send", [order]).text

    PlatformHealth.objects.filter(pk=health.pk).update(paused_at=None, open_until=timezone.now())
    assert "Veeqo does not answer now; they wait for it." in choose(boss, "send", [order]).text


def test_what_was_never_sent_is_called_back_without_a_call(boss):
    order, held = OrderFactory(routed=True), parcel()
    send_order(order)

    assert (
        "Needs no calls: nothing of it is at a platform."
        in choose(boss, "cancel_there", [order]).text
    )
    assert "Needs about 4 calls of Veeqo" in choose(boss, "cancel_there", [order, held.order]).text


@pytest.mark.parametrize("action", ["send", "resend", "cancel_there", "retry_dispatches"])
def test_more_orders_cost_no_more_queries(boss, action):
    def cost(orders):
        with CaptureQueriesContext(connection) as queries:
            choose(boss, action, orders)
        return len(queries)

    orders = [called_back(), *OrderFactory.create_batch(4, routed=True), parcel().order]
    everything = cost(orders)

    assert cost([*orders, called_back(), *OrderFactory.create_batch(9, routed=True)]) == everything


def test_a_key_that_cannot_be_one_is_told_not_raised(boss, settings):
    settings.VEEQO_API_KEY = "line\nbreak"

    page = choose(boss, "send", [OrderFactory(routed=True)])

    assert page.status_code == 200
    assert "Veeqo does not accept our key" in page.text
