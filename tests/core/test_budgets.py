import pytest

from core.budgets import take
from core.models import RateBudget

pytestmark = pytest.mark.django_db
LIMITS = {"capacity": 3, "per_second": 2}


def test_a_lowered_limit_holds_from_the_next_call_on():
    take("k", capacity=1_000_000, per_second=1_000_000, now=0)

    taken = [take("k", capacity=2, per_second=1, now=0) for _ in range(4)]

    assert taken == [True, True, False, False]


def test_a_full_bucket_gives_its_capacity_and_no_more():
    assert [take("x", now=100.0, **LIMITS) for _ in range(5)] == [True, True, True, False, False]


def test_a_bucket_refills_with_time():
    for _ in range(3):
        take("x", now=100.0, **LIMITS)

    assert [take("x", now=101.0, **LIMITS) for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_its_capacity():
    take("x", now=100.0, **LIMITS)

    assert [take("x", now=9_999.0, **LIMITS) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_is_behind_takes_nothing_back():
    for _ in range(2):
        take("x", now=100.0, **LIMITS)
    take("x", now=50.0, **LIMITS)

    assert not take("x", now=100.0, **LIMITS)
    assert RateBudget.objects.get(key="x").refilled_at == 100.0


def test_a_refused_request_costs_nothing():
    for _ in range(9):
        take("x", now=100.0, **LIMITS)

    assert take("x", now=100.5, **LIMITS)


def test_a_raised_limit_takes_effect_at_once():
    for _ in range(3):
        take("x", now=100.0, **LIMITS)
    take("x", now=100.0, capacity=30, per_second=20)

    assert take("x", now=100.1, capacity=30, per_second=20)
