from datetime import timedelta

import pytest
from django.utils import timezone

from orders.errors import HoldAlreadyClosed, NotValid, TooLateToHold
from orders.models import Hold, HoldType, Order, OrderStatus
from orders.services import add_note, place_hold, release_hold
from orders.services.hold import GONE
from tests.factories import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return OrderFactory(number="SO-9")


def held(order, **given):
    return place_hold(order, **({"hold_type": HoldType.FRAUD, "reason": "Two cards"} | given))


def test_a_hold_keeps_an_order_and_says_who_placed_it(order, acting):
    hold = held(order)

    assert hold.is_open
    assert list(Order.objects.on_hold()) == [order]
    assert (hold.type, hold.reason, hold.placed_by) == ("fraud", "Two cards", acting)


def test_an_order_may_have_several_holds_and_is_listed_once(order):
    held(order)
    held(order, hold_type=HoldType.ADDRESS)

    assert list(Order.objects.on_hold()) == [order]


def test_history_tells_of_a_hold_and_its_end(order, acting):
    until = timezone.now() + timedelta(days=2)

    release_hold(held(order, until=until))

    released, placed = order.events.all()
    assert (placed.kind, placed.message) == ("hold", "Held: Fraud check: Two cards.")
    assert placed.details["until"] == until.isoformat()
    assert (released.kind, released.actor) == ("hold_released", acting)


def test_a_released_hold_holds_no_more(order, acting):
    hold = held(order)

    release_hold(hold)

    assert not hold.is_open
    assert not Order.objects.on_hold().exists()
    assert hold.released_by == acting


def test_releasing_one_hold_leaves_the_other(order):
    first, _second = held(order), held(order)

    release_hold(first)

    assert list(Order.objects.on_hold()) == [order]


def test_a_hold_is_released_once(order):
    hold = held(order)
    release_hold(hold)
    first_time = hold.released_at

    with pytest.raises(HoldAlreadyClosed, match="already released"):
        release_hold(hold)

    hold.refresh_from_db()
    assert hold.released_at == first_time
    assert order.events.count() == 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reason": "  "}, "reason: "),
        ({"reason": "x" * 301}, "reason: "),
        ({"reason": "a\x00b"}, "reason: "),
        ({"hold_type": "mood"}, "type: "),
        ({"until": "later"}, "until: "),
    ],
    ids=str,
)
def test_a_hold_must_say_why_and_of_which_kind(order, wrong, told):
    with pytest.raises(NotValid, match=told):
        held(order, **wrong)

    assert not Hold.objects.exists()
    assert not order.events.exists()


def test_a_hold_cannot_end_in_the_past(order):
    with pytest.raises(NotValid, match="would end in the past"):
        held(order, until=timezone.now() - timedelta(minutes=1))

    assert not Hold.objects.exists()


@pytest.mark.parametrize("status", sorted(GONE))
def test_what_has_left_is_not_held(order, status):
    Order.objects.filter(pk=order.pk).update(status=status)

    with pytest.raises(TooLateToHold, match="a hold would stop nothing"):
        held(order)

    assert not Hold.objects.exists()
    assert not order.events.exists()


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - GONE - {OrderStatus.PROBLEM}))
def test_what_has_not_left_can_be_held(status):
    order = OrderFactory(routed=True)
    Order.objects.filter(pk=order.pk).update(status=status)

    assert held(order).is_open


def test_a_note_goes_into_the_history(order, acting):
    event = add_note(order, "  The customer called. ")

    assert (event.kind, event.message) == ("note", "The customer called.")
    assert event.actor == acting


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 1001, "a\x00b"], ids=["empty", "blank", "long", "nul"]
)
def test_a_note_must_say_something_that_fits(order, text):
    with pytest.raises(NotValid, match="note: Write 1 to 1,000 characters"):
        add_note(order, text)

    assert not order.events.exists()
