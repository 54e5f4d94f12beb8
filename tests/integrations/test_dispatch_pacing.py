"""Budget, breaker and wake-ups: what all processes share."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.dispatching.circuit import check_open, note_call, slow_down
from integrations.dispatching.pacing import pace_of, wait_for_budget, windowed
from integrations.dispatching.policy import Policy
from integrations.models import Dispatch, PlatformHealth
from integrations.platforms.calls import Call, Purpose
from integrations.platforms.errors import OutOfBudget, Paused
from integrations.services import pause_platform, send_order
from integrations.tasks import poke_due
from tests.factories import DispatchFactory, OrderFactory

FOR_AN_ORDER = Call("veeqo", "POST", "/orders", Purpose.CREATE, writes=True)
IN_THE_BACKGROUND = Call("veeqo", "GET", "/products", Purpose.MASTER_DATA, writes=False)


@pytest.mark.parametrize("limits", [(60, 10), (6, 1), (600, 10), (120, 2), (300, 100)])
def test_no_window_of_the_platform_can_overflow(limits):
    pace = windowed(*limits)

    assert int(pace.capacity + 61.5 * pace.per_second) <= limits[0]
    assert int(pace.capacity + 1 * pace.per_second) <= limits[1]


def test_the_allowed_rate_is_nearly_reached():
    assert windowed(60, 10).per_second * 60 >= 0.96 * 60


def test_the_documented_limits_are_the_default(settings):
    assert (pace_of("veeqo").per_second, pace_of("veeqo").capacity) == (5, 45)


def taken(call, *, serves_an_order=False):
    """How many calls go out before the budget holds one back."""
    for count in range(100):
        try:
            wait_for_budget(call, time.monotonic(), serves_an_order=serves_an_order)
        except OutOfBudget:
            return count
    return 100


@pytest.mark.django_db
def test_background_calls_leave_half_of_the_budget_to_orders(settings):
    settings.VEEQO_BURST, settings.VEEQO_CALLS_PER_SECOND = 10, 0.001

    assert taken(IN_THE_BACKGROUND) == 5
    assert taken(FOR_AN_ORDER) == 5


@pytest.mark.django_db
def test_what_an_order_needs_is_never_in_the_background(settings):
    settings.VEEQO_BURST, settings.VEEQO_CALLS_PER_SECOND = 10, 0.001

    assert taken(IN_THE_BACKGROUND, serves_an_order=True) == 10


def test_pauses_double_up_to_a_quarter_of_an_hour_and_honour_the_platform():
    policy = Policy()

    for setbacks in range(60):
        assert 0 <= policy.pause_after(setbacks) <= min(900, 4 * 2**setbacks)
    assert policy.pause_after(0, asked=77) == 77


@pytest.mark.django_db
def test_an_open_breaker_lets_one_probe_through_and_closes_after_a_success(settings):
    settings.DISPATCH = {"circuit_failures": 2}
    check_open("veeqo")
    for _ in range(2):
        note_call("veeqo", "unavailable")
    with pytest.raises(Paused) as refused:
        check_open("veeqo")
    assert 25 < refused.value.retry_after <= 30

    PlatformHealth.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    check_open("veeqo")
    with pytest.raises(Paused):
        check_open("veeqo")

    note_call("veeqo", "refused")  # an answer all the same
    check_open("veeqo")


@pytest.mark.django_db
def test_when_the_platform_asks_for_a_pause_everybody_keeps_it():
    check_open("veeqo")
    slow_down("veeqo", 60)
    slow_down("veeqo", 5)

    with pytest.raises(Paused) as refused:
        check_open("veeqo")
    assert refused.value.retry_after > 50


@pytest.mark.django_db
class TestTheSweep:
    def test_finds_work_whose_wake_up_was_lost_once_a_slot(self):
        send_order(OrderFactory(routed=True))

        assert [poke_due(), poke_due()] == [1, 0]

    def test_finds_a_dispatch_whose_worker_died(self):
        past = timezone.now() - timedelta(seconds=1)
        DispatchFactory(state="sending", lease_token="a", lease_until=past)

        assert poke_due() == 1

    def test_leaves_alone_what_is_not_due_or_not_allowed(self):
        later = timezone.now() + timedelta(minutes=5)
        DispatchFactory(next_attempt_at=later)
        DispatchFactory(state="needs_help", error="Refused.")
        assert poke_due() == 0

        Dispatch.objects.update(state="waiting", next_attempt_at=timezone.now())
        pause_platform("veeqo", "Talks")
        assert poke_due() == 0
