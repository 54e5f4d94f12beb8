"""What staff may ask for, and what is refused with which words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from integrations.dispatching.references import reference_of
from integrations.errors import (
    AlreadyPaused,
    HasErrors,
    InHand,
    NeedsAReason,
    NothingAsked,
    NothingToCancel,
    NothingToResend,
    NotPaused,
    NotReadyToSend,
    NotWaitingForHelp,
    StillAlive,
)
from integrations.models import Dispatch, RemoteId
from integrations.services import (
    approve_dispatch,
    cancel_at_platform,
    map_remote_id,
    pause_platform,
    replay_waiting,
    resend_order,
    resume_platform,
    retry_dispatch,
    send_order,
)
from orders.errors import OnHold
from orders.models import Order, OrderStatus
from orders.services import reserve_lines
from tests.factories import (
    DispatchFactory,
    FindingFactory,
    HoldFactory,
    OrderFactory,
    ShipmentFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return OrderFactory(routed=True)


def helpless(order, **changes):
    """A dispatch that waits for a person, and its order with it."""
    dispatch = send_order(order)
    values = {"state": "needs_help", "error": "Refused.", "error_code": "refused"} | changes
    Dispatch.objects.filter(pk=dispatch.pk).update(**values)
    order.move_to(OrderStatus.PROBLEM, problem="Refused.")
    dispatch.refresh_from_db()
    return dispatch


def test_sending_writes_the_promise_the_step_and_the_event_together(order, acting):
    dispatch = send_order(order)

    assert order.status == OrderStatus.SENDING
    assert (dispatch.state, dispatch.reference) == ("waiting", reference_of(order.pk, 1))
    event = order.events.get(to_status="sending")
    assert (event.actor_label, event.correlation_id) == ("dana", "click-0001")
    assert event.details["reference"] == dispatch.reference


def test_a_reference_never_depends_on_the_attempt():
    assert reference_of(33, 1) == "XD-0000011-1"
    assert reference_of(33, 2) == "XD-0000011-2"


def test_only_a_routed_order_is_sent():
    with pytest.raises(NotReadyToSend, match="Route it first"):
        send_order(OrderFactory(ready=True))


def test_what_is_on_its_way_is_not_told_to_be_routed(order):
    send_order(order)

    with pytest.raises(NotReadyToSend, match=r"it is “Sending”\.$"):
        send_order(order)


def test_an_order_on_hold_is_not_sent(order):
    HoldFactory(order=order, reason="Away")

    with pytest.raises(OnHold, match="Away"):
        send_order(order)
    assert not Dispatch.objects.exists()


def test_a_hold_that_is_over_stops_nothing(order):
    HoldFactory(order=order, until=timezone.now() - timedelta(hours=1))

    assert send_order(order).state == "waiting"


def test_an_order_with_an_open_error_is_not_sent(order):
    FindingFactory(order=order, message="MUGG is no known product.")

    with pytest.raises(HasErrors, match="MUGG"):
        send_order(order)


def test_what_is_alive_at_the_platform_is_not_sent_again(order):
    DispatchFactory(order=order, state="done")
    ShipmentFactory(order=order, tracking_number="1Z999")

    with pytest.raises(StillAlive, match="1Z999"):
        resend_order(order, "Customer called")


def test_what_is_still_waiting_is_not_sent_again(order):
    send_order(order)

    with pytest.raises(StillAlive, match="Waiting"):
        resend_order(order, "Customer called")


def test_an_order_that_was_never_sent_cannot_be_resent(order):
    with pytest.raises(NothingToResend, match="Use Send"):
        resend_order(order, "Customer called")


def test_resending_a_cancelled_order_reserves_its_stock_again():
    house = WarehouseFactory(stock={"MUG": 3})
    order = OrderFactory(routed=True, warehouse=house)
    reserve_lines(order, house)
    send_order(order)
    cancel_at_platform(order, "Wrong address")
    order.refresh_from_db()
    assert order.status == OrderStatus.READY
    assert house.stock_levels.get().reserved == 0

    again = resend_order(order, "Address corrected")

    assert (again.generation, again.reference[-2:]) == (2, "-2")
    assert house.stock_levels.get().reserved == 1


def test_what_never_left_us_is_called_back_without_a_call(order):
    send_order(order)

    cancel = cancel_at_platform(order, "Asked")

    assert cancel.state == "done"
    order.refresh_from_db()
    assert order.status == OrderStatus.READY
    assert set(order.dispatches.values_list("kind", "state")) == {
        ("create", "cancelled"),
        ("cancel", "done"),
    }


def test_what_may_be_there_is_called_back_through_the_platform(order):
    helpless(order, doubted_at=timezone.now())

    cancel = cancel_at_platform(order, "Asked")

    assert cancel.state == "unknown"


def test_cancelling_there_can_cancel_the_order_with_it(order):
    send_order(order)

    cancel_at_platform(order, "Asked", cancels_order=True)

    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("state", "words"), [("sending", "right now"), ("unknown", "being looked up")]
)
def test_what_is_in_a_workers_hand_is_not_cancelled(order, state, words):
    dispatch = send_order(order)
    lease = {"lease_token": "a" * 32, "lease_until": timezone.now()}
    Dispatch.objects.filter(pk=dispatch.pk).update(state=state, **lease)

    with pytest.raises(InHand, match=words):
        cancel_at_platform(order, "Asked")


def test_an_order_that_is_nowhere_has_nothing_to_cancel(order):
    with pytest.raises(NothingToCancel):
        cancel_at_platform(order, "Asked")


@pytest.mark.parametrize("act", [cancel_at_platform, resend_order])
def test_a_reason_is_mandatory(order, act):
    send_order(order)
    with pytest.raises(NeedsAReason):
        act(order, " ")


def test_a_retried_dispatch_waits_again_and_its_order_goes_on(order):
    dispatch = helpless(order, attempts=5)

    retry_dispatch(dispatch)

    order.refresh_from_db()
    assert (dispatch.state, dispatch.excused, dispatch.error) == ("waiting", 5, "")
    assert (order.status, order.problem) == (OrderStatus.SENDING, "")


def test_a_retried_dispatch_in_doubt_is_looked_up_first(order):
    dispatch = helpless(order, doubted_at=timezone.now())

    assert retry_dispatch(dispatch).state == "unknown"


def test_only_what_needs_help_is_retried(order):
    with pytest.raises(NotWaitingForHelp):
        retry_dispatch(send_order(order))


def test_approval_allows_exactly_what_was_asked(order):
    dispatch = helpless(order, asked={"price": "12.50"})

    approve_dispatch(dispatch, "Customer pays")

    assert (dispatch.state, dispatch.allowed) == ("waiting", {"price": "12.50"})
    assert "Customer pays" in order.events.latest("id").message


def test_what_asks_nothing_cannot_be_approved(order):
    with pytest.raises(NothingAsked, match="Use Retry"):
        approve_dispatch(helpless(order), "Fine")


def test_one_mapping_replays_everything_that_waited_for_it():
    waiting = [helpless(OrderFactory(routed=True), missing="warehouse:ONT1") for _ in range(2)]
    other = helpless(OrderFactory(routed=True), missing="warehouse:LAS1")

    map_remote_id(platform="veeqo", kind="warehouse", ours="ONT1", theirs="77")

    assert {Dispatch.objects.get(pk=each.pk).state for each in waiting} == {"waiting"}
    assert Dispatch.objects.get(pk=other.pk).state == "needs_help"
    assert AuditEvent.objects.get().action == "add_mapping"


def test_everything_that_waits_for_a_kind_can_be_replayed_at_once():
    helpless(OrderFactory(routed=True), missing="service:ups-ground")
    helpless(OrderFactory(routed=True), missing="warehouse:ONT1")

    assert replay_waiting("service") == 1


def test_mapping_a_code_again_changes_its_one_row():
    for theirs in ("77", "78"):
        map_remote_id(platform="veeqo", kind="warehouse", ours="ONT1", theirs=theirs)

    assert RemoteId.objects.get().theirs == "78"


def test_pausing_says_who_and_why(acting):
    health = pause_platform("veeqo", "Contract ended")

    assert (health.paused_by, health.pause_reason) == (acting, "Contract ended")
    with pytest.raises(AlreadyPaused):
        pause_platform("veeqo", "Twice")
    assert resume_platform("veeqo").paused_at is None
    with pytest.raises(NotPaused):
        resume_platform("veeqo")


def test_an_order_has_one_live_dispatch_at_most(order):
    send_order(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchFactory(order=order, kind="cancel")
    assert Order.objects.get(pk=order.pk).dispatches.count() == 1
