"""An order in parts: each is a parcel of its own, and the order stands where all of them stand."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from integrations.dispatching.outward import outward
from integrations.dispatching.references import reference_of
from integrations.errors import (
    InHand,
    NothingToCancel,
    NothingToLeaveOut,
    NotReadyToSend,
    StillAlive,
)
from integrations.models import Dispatch
from integrations.services import (
    cancel_at_platform,
    leave_parts_out,
    resend_order,
    retry_dispatch,
    send_order,
)
from integrations.services.telling import told_of_sending
from orders.errors import AlreadyShipped
from orders.models import OrderStatus
from orders.services import add_line, reserve_lines
from orders.services.cancel import cancel_order
from tests.factories import OrderFactory
from tests.integrations.split_case import (
    again,
    parcel,
    reserved,
    scanned,
    split_order,
    status,
    willing,
    work,
)
from warehouses.errors import OutOfStock

pytestmark = pytest.mark.django_db
OPEN = {"ONT1": ["open"], "RNO1": ["open", "open"]}
RELEASED = {"ONT1": ["released"], "RNO1": ["released", "released"]}


@pytest.fixture
def platform(monkeypatch):
    return willing(monkeypatch)


@pytest.fixture
def order():
    return split_order()


@pytest.fixture
def sent(order, platform):
    """Both labels are bought."""
    send_order(order)
    work()
    assert status(order) == OrderStatus.SENT
    return order


def first(order, generation=1):
    return reference_of(order.pk, generation)


def second(order, generation=1):
    return reference_of(order.pk, generation, 2)


def live(order):
    rows = order.dispatches.live().order_by("part")
    return list(rows.values_list("part", "kind", "state"))


def failed_second(order, platform):
    """Part 2 is refused, part 1 has its label."""
    platform.refuses[second(order), "create"] = "no such street"
    send_order(order)
    work()
    return order.dispatches.get(part=2)


# --- Sending --------------------------------------------------------------------------------------


def test_every_part_is_promised_at_once(order):
    dispatch = send_order(order)

    rows = order.dispatches.order_by("part").values_list("part", "platform", "reference")
    assert list(rows) == [(1, "veeqo", first(order)), (2, "easyship", second(order))]
    assert (dispatch.part, status(order), order.platform) == (1, OrderStatus.SENDING, "veeqo")
    told = f"To be sent to Veeqo as {first(order)} and to Easyship as {second(order)}."
    assert told_of_sending(order) == again(order).events.first().message == told


def test_a_part_is_no_generation_and_no_other_parts_beginning():
    names = [reference_of(33, generation, part) for generation in (1, 2, 12) for part in (1, 2, 12)]

    assert names[:3] == ["XD-0000011-1", "XD-0000011-1-P2", "XD-0000011-1-P12"]
    assert len(set(names)) == len(names)
    assert max(map(len, [reference_of(2**63 - 1, 32_767, 32_767)])) <= 60


def test_nothing_is_promised_when_one_part_cannot_be(order):
    add_line_after_the_split(order)

    with pytest.raises(NotReadyToSend, match="lines were changed after it was split"):
        send_order(order)
    assert not Dispatch.objects.exists()


def add_line_after_the_split(order):
    order.lines.create(position=9, sku="CAP", product=order.lines.last().product, quantity=1)


def test_stock_reserved_where_no_part_ships_from_stops_the_sending(order):
    order.parts.all().delete()
    type(order).objects.filter(pk=order.pk).update(parcels=1)

    with pytest.raises(NotReadyToSend, match=r"reserved in ONT1, RNO1\. Re-route it"):
        send_order(order)


def test_each_parcel_holds_its_own_units_weight_warehouse_and_service(sent, platform):
    mugs, rest = platform.said[first(sent)], platform.said[second(sent)]

    assert [(line.sku, line.quantity) for line in mugs.lines] == [("MUG", 2)]
    assert [(line.sku, line.quantity) for line in rest.lines] == [("MUG", 1), ("CAP", 1)]
    assert (mugs.parcel.weight_grams, rest.parcel.weight_grams) == (800, 800)
    assert (mugs.origin.code, rest.origin.code) == ("ONT1", "RNO1")
    assert (mugs.service.remote_id, rest.service.remote_id) == ("S-ups-ground", "S-fedex-ground")
    assert mugs.recipient == rest.recipient
    services = sent.shipments.order_by("part").values_list("service__code", flat=True)
    assert list(services) == ["ups-ground", "fedex-ground"]


def test_a_parts_price_is_held_against_its_own_estimate(order, platform, monkeypatch):
    from integrations.dispatching import steps  # the module, to watch what it expects

    seen = []
    monkeypatch.setattr(steps, "check_quote", lambda quote, expected: seen.append(expected.limit))
    platform.buy_label = lambda said, remote_id, approve: (
        approve(None),
        platform.fetch_label(remote_id),
    )[1]
    type(order).objects.filter(pk=order.pk).update(cost_margin_percent=0)
    send_order(order)
    work()

    assert seen == [Decimal("9.00"), Decimal("6.00")]


def test_a_part_that_is_no_more_is_not_told(order):
    dispatch = send_order(order)
    dispatch.part = 3

    with pytest.raises(Exception, match="no part 3 any more"):
        outward(again(order), dispatch)


def test_the_order_is_sent_once_all_parts_have_labels(order, platform):
    send_order(order)

    work("veeqo")
    assert (status(order), order.problem) == (OrderStatus.SENDING, "")
    work("easyship")

    assert status(order) == OrderStatus.SENT
    assert set(order.shipments.values_list("part", "state")) == {(1, "labelled"), (2, "labelled")}


def test_what_is_alive_is_not_sent_again(sent):
    with pytest.raises(StillAlive, match=r"XD-\S+-1 .*label"):
        resend_order(sent, "Please")


# --- A part fails ---------------------------------------------------------------------------------


def test_a_part_that_fails_is_a_problem_that_names_it_and_the_other_goes_on(order, platform):
    failed_second(order, platform)

    assert status(order) == OrderStatus.PROBLEM
    assert order.problem.startswith("Part 2 of 2 from RNO1: ")
    assert "no such street" in order.problem
    assert parcel(order, 1).state == "labelled"
    assert reserved(order) == OPEN


def test_a_retried_part_takes_the_order_out_of_its_problem(order, platform):
    dispatch = failed_second(order, platform)
    platform.refuses.clear()

    retry_dispatch(dispatch)
    assert status(order) == OrderStatus.SENDING
    work()

    assert (status(order), order.problem) == (OrderStatus.SENT, "")


def test_while_another_part_needs_a_person_the_order_stays_a_problem(order, platform):
    platform.refuses |= {(first(order), "label"): "no van", (second(order), "create"): "no street"}
    send_order(order)
    work()
    assert [said in again(order).problem for said in ("no van", "no street")] == [True, True]
    del platform.refuses[first(order), "label"]

    retry_dispatch(order.dispatches.get(part=1, kind="label"))
    assert (status(order), "no van" in order.problem) == (OrderStatus.PROBLEM, False)
    work()

    assert status(order) == OrderStatus.PROBLEM
    assert ("no van" in order.problem, "no street" in order.problem) == (False, True)
    assert parcel(order, 1).state == "labelled"


def test_each_label_is_kept_with_its_own_parcel(order, platform):
    platform.refuses[first(order), "label"] = "no van"
    send_order(order)
    work()
    platform.refuses.clear()

    retry_dispatch(order.dispatches.get(part=1, kind="label"))
    work()

    assert status(order) == OrderStatus.SENT
    assert [parcel(order, part).tracking_number for part in (1, 2)] == [
        f"1ZR-{first(order)}",
        f"1ZR-{second(order)}",
    ]


def test_a_cancelled_part_beside_a_live_one_is_a_problem_and_keeps_all_stock(sent):
    cancel_at_platform(sent, "Wrong box", part=2)
    assert status(sent) == OrderStatus.SENT
    work()

    assert status(sent) == OrderStatus.PROBLEM
    assert "Part 2 of 2 from RNO1: it is at no platform any more" in sent.problem
    assert reserved(sent) == OPEN


def test_resending_sends_only_the_part_that_is_not_alive(sent, platform):
    cancel_at_platform(sent, "Wrong box", part=2)
    work()

    resend_order(sent, "Right box")

    assert live(sent) == [(2, "create", "waiting")]
    assert (status(sent), sent.problem) == (OrderStatus.SENDING, "")
    work()
    assert status(sent) == OrderStatus.SENT
    assert sorted(platform.alive.values()) == [first(sent), second(sent, 2)]
    assert reserved(sent) == OPEN
    call_command("prove_stock")


def test_a_part_called_back_before_it_was_sent_is_resent_alone(order, platform):
    failed_second(order, platform)
    platform.refuses.clear()

    assert cancel_at_platform(order, "Try anew", part=2).state == "done"
    assert "at no platform any more" in again(order).problem
    resend_order(order, "Anew")
    work()

    assert status(order) == OrderStatus.SENT
    assert sorted(platform.alive.values()) == [first(order), second(order, 2)]


# --- Cancelling -----------------------------------------------------------------------------------


def test_cancelling_the_whole_frees_the_stock_after_the_last_part(sent, platform):
    cancel_at_platform(sent, "Customer called")
    work("veeqo")
    assert (status(sent), sent.problem, reserved(sent)) == (OrderStatus.SENT, "", OPEN)
    work("easyship")

    assert (status(sent), reserved(sent)) == (OrderStatus.READY, RELEASED)
    assert platform.alive == {}
    call_command("prove_stock")


def test_what_never_left_us_is_called_back_as_a_whole(order):
    send_order(order)

    assert cancel_at_platform(order, "Asked").state == "done"

    assert (status(order), reserved(order), live(order)) == (OrderStatus.READY, RELEASED, [])
    assert not order.events.filter(to_status=OrderStatus.PROBLEM).exists()


def test_cancelling_there_can_cancel_a_split_order_with_it(sent):
    cancel_at_platform(sent, "Asked", cancels_order=True)
    work()

    assert (status(sent), reserved(sent)) == (OrderStatus.CANCELLED, RELEASED)


def test_one_part_in_hand_and_nothing_is_cancelled(order):
    send_order(order)
    lease = {"lease_token": "a" * 32, "lease_until": timezone.now()}
    order.dispatches.filter(part=2).update(state="sending", **lease)

    with pytest.raises(InHand, match="right now"):
        cancel_at_platform(order, "Asked")
    assert live(order) == [(1, "create", "waiting"), (2, "create", "sending")]


def test_a_whole_order_that_was_cancelled_is_sent_again_part_by_part(sent, platform):
    cancel_at_platform(sent, "Wrong box")
    work()

    resend_order(sent, "Right box")
    work()

    assert status(sent) == OrderStatus.SENT
    assert sorted(platform.alive.values()) == [first(sent, 2), second(sent, 2)]
    assert reserved(sent) == {"ONT1": ["open", "released"], "RNO1": ["open"] * 2 + ["released"] * 2}
    call_command("prove_stock")


def test_nothing_is_reserved_again_when_one_part_finds_no_stock(sent):
    cancel_at_platform(sent, "Wrong box")
    work()
    reserve_lines(OrderFactory(lines={"CAP": 5}), sent.parts.get(n=2).warehouse)

    with pytest.raises(OutOfStock, match="CAP"):
        resend_order(sent, "Right box")
    assert (status(sent), reserved(sent)) == (OrderStatus.READY, RELEASED)


def test_a_cancellation_that_one_platform_refuses_leaves_a_problem_that_says_so(sent, platform):
    platform.refuses[first(sent), "cancel"] = "too late"
    cancel_at_platform(sent, "Asked")
    work()

    assert status(sent) == OrderStatus.PROBLEM
    assert sent.problem.startswith("Part 1 of 2 from ONT1")
    assert "too late" in sent.problem
    assert reserved(sent) == OPEN


def test_a_part_that_is_nowhere_has_nothing_to_cancel(sent):
    with pytest.raises(NothingToCancel):
        cancel_at_platform(sent, "Asked", part=3)


def test_an_order_at_a_platform_is_not_cancelled_here_alone(sent):
    cancel_at_platform(sent, "Asked", part=1)
    work()

    with pytest.raises(Exception, match="Cancel at platform"):
        cancel_order(again(sent), "Asked")


# --- On the way -----------------------------------------------------------------------------------


def test_it_is_shipped_with_its_first_parcel_and_delivered_with_its_last(sent):
    assert scanned(sent, 2, "collected") == OrderStatus.SHIPPED
    assert reserved(sent) == {"ONT1": ["open"], "RNO1": ["consumed", "consumed"]}
    assert scanned(sent, 2, "collected", "in_transit", "delivered") == OrderStatus.SHIPPED
    assert scanned(sent, 1, "collected") == OrderStatus.SHIPPED
    assert reserved(sent) == {"ONT1": ["consumed"], "RNO1": ["consumed", "consumed"]}
    events = sent.events.count()

    assert scanned(sent, 1, "collected") == OrderStatus.SHIPPED
    assert sent.events.count() == events
    assert scanned(sent, 1, "collected", "in_transit", "delivered") == OrderStatus.DELIVERED
    call_command("prove_stock")


def test_a_parcel_in_trouble_is_named_and_may_solve_it_itself(sent):
    scanned(sent, 1, "collected")
    assert scanned(sent, 2, "collected", "exception") == OrderStatus.PROBLEM
    assert sent.problem.startswith("Part 2 of 2 from RNO1: Parcel 1Z")

    assert scanned(sent, 1, "collected", "in_transit", "delivered") == OrderStatus.PROBLEM
    assert scanned(sent, 2, "collected", "exception", "in_transit") == OrderStatus.SHIPPED

    assert sent.problem == ""


def test_a_parcel_that_moves_before_the_other_has_a_label_leaves_the_books_at_once(order, platform):
    failed_second(order, platform)

    assert scanned(order, 1, "collected") == OrderStatus.PROBLEM
    assert reserved(order) == {"ONT1": ["consumed"], "RNO1": ["open", "open"]}
    platform.refuses.clear()
    retry_dispatch(order.dispatches.get(part=2))
    work()

    assert status(order) == OrderStatus.SHIPPED
    steps = order.events.filter(kind="status").order_by("id").values_list("to_status", flat=True)
    assert list(steps)[-3:] == ["sending", "sent", "shipped"]


def test_a_parcel_may_move_while_the_other_is_being_sent(order, platform):
    send_order(order)
    work("veeqo")

    assert scanned(order, 1, "collected") == OrderStatus.SENDING
    assert reserved(order) == {"ONT1": ["consumed"], "RNO1": ["open", "open"]}
    work("easyship")

    assert status(order) == OrderStatus.SHIPPED


def test_only_what_has_not_left_is_cancelled(sent, platform):
    scanned(sent, 1, "collected")

    with pytest.raises(AlreadyShipped):
        cancel_at_platform(sent, "Asked", cancels_order=True)
    cancel_at_platform(sent, "Asked")
    work()

    assert list(platform.alive.values()) == [first(sent)]
    assert status(sent) == OrderStatus.PROBLEM
    assert reserved(sent) == {"ONT1": ["consumed"], "RNO1": ["open", "open"]}


def test_a_cancellation_that_came_too_late_does_not_hold_the_order_up(sent, platform):
    scanned(sent, 1, "collected")
    scanned(sent, 2, "collected")
    platform.refuses |= {(first(sent), "cancel"): "gone", (second(sent), "cancel"): "gone"}

    cancel_at_platform(sent, "Asked")
    work()

    assert status(sent) == OrderStatus.SHIPPED
    assert sent.events.filter(message__contains="gone").count() == 2
    scanned(sent, 1, "collected", "delivered")
    assert scanned(sent, 2, "collected", "delivered") == OrderStatus.DELIVERED


# --- Going on without -----------------------------------------------------------------------------


def test_an_order_goes_on_without_a_cancelled_part_and_its_stock_is_free(sent):
    scanned(sent, 1, "collected")
    cancel_at_platform(sent, "Asked", part=2)
    work()

    leave_parts_out(sent, "Refunded")

    assert (status(sent), sent.problem) == (OrderStatus.SHIPPED, "")
    assert reserved(sent) == {"ONT1": ["consumed"], "RNO1": ["released", "released"]}
    with pytest.raises(StillAlive):
        resend_order(sent, "And yet")
    assert scanned(sent, 1, "collected", "delivered") == OrderStatus.DELIVERED
    call_command("prove_stock")


def test_what_is_not_cancelled_is_not_left_out(sent):
    with pytest.raises(NothingToLeaveOut):
        leave_parts_out(sent, "Refunded")
    cancel_at_platform(sent, "Asked")
    work()

    with pytest.raises(NothingToLeaveOut):
        leave_parts_out(sent, "Refunded")


def test_a_changed_order_is_not_resent_by_its_old_parts(sent):
    cancel_at_platform(sent, "Asked", part=2)
    work()
    sent.refresh_from_db()
    add_line(sent.pk, sent.version, {"sku": "CAP", "quantity": 1})

    with pytest.raises(NotReadyToSend, match="lines were changed"):
        resend_order(sent, "Right box")
