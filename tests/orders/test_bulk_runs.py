"""A staff action on many orders: who asks, on what, and what becomes of each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from orders.models import BulkRun, BulkRunRow, BulkState, Order, OrderEvent, OrderStatus
from orders.services import place_hold
from orders.services.bulk import (
    FilteredOrders,
    action_named,
    cancel_bulk_run,
    highest_order_id,
    jobs,
    leases,
    retry_failures,
    start_bulk_run,
)
from orders.services.bulk.errors import (
    AlreadyFinished,
    NobodyAsks,
    NotAllowed,
    NothingSelected,
    NothingToRetry,
    UnknownAction,
)
from orders.services.bulk.jobs import resume_bulk_runs, work_on_bulk_run
from tests.factories import HoldFactory, OrderFactory, TagFactory
from tests.orders.bulk import allow, counts, results, start, work

pytestmark = pytest.mark.django_db
EVERYTHING = ["view_order", "change_order", "hold_order", "cancel_order"]


@pytest.fixture
def dana(acting):
    allow(acting, *EVERYTHING)
    return acting


def hold(orders, token="click-1"):
    return start("hold", orders, token, type="other", reason="Count the stock.", until=None)


def filtered(query=""):
    return FilteredOrders(query, highest_order_id())


# --- asking ---------------------------------------------------------------------------------------


def test_fifty_orders_are_held_each_once_and_by_name(dana):
    orders = OrderFactory.create_batch(50)
    run = hold(orders)

    assert work(run) == "done"

    assert (run.state, counts(run)) == (BulkState.DONE, (50, 50, 0, 0))
    events = OrderEvent.objects.filter(kind="hold")
    assert events.values("order").distinct().count() == events.count() == 50
    assert set(events.values_list("actor_label", "correlation_id")) == {("dana", "click-0001")}


def test_a_run_waits_for_a_job_and_touches_nothing_before(dana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = hold(OrderFactory.create_batch(2))

    assert run.state == BulkState.WAITING
    assert OrmQ.objects.count() == 1
    assert not OrderEvent.objects.exists()


def test_a_double_click_starts_one_run(dana, django_capture_on_commit_callbacks):
    orders = OrderFactory.create_batch(3)
    with django_capture_on_commit_callbacks() as queued:
        first, second = hold(orders), hold(orders)

    assert first.pk == second.pk
    assert (BulkRun.objects.count(), BulkRunRow.objects.count(), len(queued)) == (1, 3, 1)


def test_a_filter_is_frozen_orders_received_later_are_left_alone(dana):
    OrderFactory.create_batch(3, state="NV")
    OrderFactory(number="OTHER", state="CA")
    run = start_bulk_run("hold", filtered("state=NV"), {"type": "other", "reason": "x"}, "t")
    OrderFactory(number="LATER", state="NV")

    work(run)

    assert counts(run) == (3, 3, 0, 0)
    assert not {"OTHER", "LATER"} & set(results(run))


def test_orders_stay_in_a_run_that_takes_them_out_of_its_own_filter(dana, monkeypatch):
    monkeypatch.setattr("orders.services.bulk.collecting.CHUNK", 2)
    OrderFactory.create_batch(5)
    run = start_bulk_run("cancel", filtered("status__exact=new"), {"reason": "x"}, "t")

    work(run)

    assert counts(run) == (5, 5, 0, 0)


def test_every_search_and_filter_of_the_list_can_be_frozen(dana):
    HoldFactory(order=OrderFactory(number="HELD"))
    OrderFactory(number="FREE")
    run = start_bulk_run("release_holds", filtered("attention=held&q=HELD&o=1&p=0"), {}, "t")

    work(run)

    assert results(run) == {"HELD": "done"}


def test_a_filter_that_cannot_be_read_any_more_ends_the_run_with_a_sentence(dana):
    OrderFactory()
    run = start_bulk_run("release_holds", filtered("nonsense__exact=1"), {}, "t")

    work(run)

    assert run.state == BulkState.FAILED
    assert "can no longer be read" in run.problem


def test_what_the_list_does_not_show_the_person_is_not_theirs_to_start(acting):
    with pytest.raises(NotAllowed, match="dana may not do “Hold”"):
        hold([OrderFactory()])


def test_a_program_starts_no_run(db):
    with pytest.raises(NobodyAsks):
        hold([OrderFactory()])


def test_a_run_for_nothing_is_refused(dana):
    with pytest.raises(NothingSelected):
        start("cancel", [], reason="x")
    assert not BulkRun.objects.exists()


def test_an_unknown_action_is_named(dana):
    with pytest.raises(UnknownAction, match="“fly”"):
        start("fly", [OrderFactory()])


# --- one result per order -------------------------------------------------------------------------


def test_a_refused_order_says_why_and_does_not_stop_the_others(dana):
    fine, gone, last = OrderFactory(), OrderFactory(status="shipped"), OrderFactory()
    run = hold([fine, gone, last])

    work(run)

    assert list(results(run).values()) == ["done", "refused", "done"]
    assert counts(run) == (3, 2, 1, 0)
    assert "a hold would stop nothing" in run.rows.get(order=gone).message


def test_a_bug_met_by_one_order_fails_that_order_only(dana, settings, caplog):
    settings.BULK_ACTIONS = ["tests.orders.bulk_actions.STUMBLES"]
    orders = [OrderFactory(), OrderFactory(number="STONE"), OrderFactory()]
    run = start("stumbles", orders)

    work(run)

    assert list(results(run).values()) == ["done", "failed", "done"]
    assert "wrong on our side" in run.rows.get(label="STONE").message
    assert OrderEvent.objects.filter(kind="note").count() == 2


def test_an_order_the_action_is_silent_about_is_not_counted_as_done(dana, settings):
    settings.BULK_ACTIONS = ["tests.orders.bulk_actions.SILENT"]
    run = start("silent", [OrderFactory()])

    work(run)

    assert counts(run) == (1, 0, 0, 1)


def test_an_order_removed_in_the_meantime_is_refused(dana):
    orders = OrderFactory.create_batch(2)
    run = hold(orders)
    Order.objects.filter(pk=orders[0].pk).delete()

    work(run)

    assert list(results(run).values()) == ["refused", "done"]


def test_tags_are_put_on_and_taken_off_and_those_that_had_it_are_told(dana):
    TagFactory(name="gift")
    orders = [OrderFactory(), OrderFactory(tags=["gift"])]

    on, off = (
        start("add_tag", orders, "on", tag="gift"),
        start("remove_tag", orders, "off", tag="x"),
    )
    work(on)
    work(off)

    assert [row.message for row in on.rows.order_by("id")] == ["", "Had the tag already."]
    assert OrderEvent.objects.filter(kind="tags").count() == 1
    assert set(results(off).values()) == {"refused"}
    assert "There is no tag “x” any more" in off.rows.first().message


def test_released_holds_are_counted_and_orders_without_one_refused(dana):
    held = OrderFactory()
    HoldFactory.create_batch(2, order=held)
    run = start("release_holds", [held, OrderFactory()])

    work(run)

    assert list(results(run).values()) == ["done", "refused"]
    assert run.rows.first().message == "2 holds released."


# --- stopping and going on ------------------------------------------------------------------------


def test_cancelling_midway_leaves_the_rest_alone(dana, settings):
    settings.BULK_SLICE_SECONDS = 0
    run = start("cancel", OrderFactory.create_batch(5), reason="x")
    for _ in range(2):
        assert work_on_bulk_run(run.pk) == "goes on"

    cancel_bulk_run(run)

    assert run.state == BulkState.CANCELLED
    assert counts(run) == (5, 2, 0, 0)
    assert work_on_bulk_run(run.pk) == "nothing to do"
    assert Order.objects.filter(status=OrderStatus.CANCELLED).count() == 2


def test_a_job_at_work_sees_the_cancellation_after_its_chunk(dana):
    run = start("cancel", OrderFactory.create_batch(3), reason="x")
    lease = leases.claim(run.pk)
    cancel_bulk_run(run)
    assert run.state == BulkState.RUNNING

    lease.give_back()
    work(run)

    assert (run.state, counts(run)) == (BulkState.CANCELLED, (3, 0, 0, 0))


def test_what_is_over_cannot_be_cancelled(dana):
    run = hold([OrderFactory()])
    work(run)

    with pytest.raises(AlreadyFinished):
        cancel_bulk_run(run)


def test_a_job_gives_others_their_turn_and_goes_on_in_a_new_one(dana, settings):
    settings.BULK_SLICE_SECONDS = 0
    run = start("cancel", OrderFactory.create_batch(3), reason="x")

    slices = 1
    while work_on_bulk_run(run.pk) == "goes on":
        slices += 1

    assert slices == 4  # three orders, and the look that finds nothing left
    assert counts(run) == (3, 3, 0, 0)


def test_a_live_lease_is_respected_and_an_expired_one_taken_over(dana):
    run = hold(OrderFactory.create_batch(2))
    first = leases.claim(run.pk)

    assert work_on_bulk_run(run.pk) == "nothing to do"
    BulkRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert work(run) == "done"

    with pytest.raises(leases.TakenOver):
        first.keep()
    assert OrderEvent.objects.filter(kind="hold").count() == 2


def test_the_sweep_queues_what_no_job_has_worked_on_for_a_while(
    dana, django_capture_on_commit_callbacks
):
    queued_now, lost, killed, working, over = (hold([OrderFactory()], token) for token in "abcde")
    for run in (killed, working):
        leases.claim(run.pk)
    work(over)
    long_ago = timezone.now() - timedelta(minutes=2)
    BulkRun.objects.filter(pk=lost.pk).update(created_at=long_ago)
    BulkRun.objects.filter(pk=killed.pk).update(lease_until=long_ago)

    with django_capture_on_commit_callbacks() as queued:
        resume_bulk_runs()

    assert len(queued) == 2
    assert leases.claim(queued_now.pk)


def test_a_run_that_gets_nowhere_is_stopped_with_a_sentence(dana):
    run = hold([OrderFactory()])
    for _ in range(jobs.MAX_VAIN_STARTS):
        leases.claim(run.pk)
        BulkRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    work(run)

    assert run.state == BulkState.FAILED
    assert "interrupted several times" in run.problem


@pytest.mark.parametrize("loss", ["permission", "account"])
def test_who_loses_the_right_midway_is_stopped_with_a_sentence(dana, settings, loss):
    settings.BULK_SLICE_SECONDS = 0
    run = start("cancel", OrderFactory.create_batch(3), reason="x")
    work_on_bulk_run(run.pk)

    if loss == "permission":
        dana.user_permissions.clear()
    else:
        type(dana).objects.update(is_active=False)
    work(run)

    assert run.state == BulkState.FAILED
    assert "dana may not do “Cancel orders”" in run.problem
    assert counts(run) == (3, 1, 0, 0)


# --- again ----------------------------------------------------------------------------------------


def test_only_the_failures_are_tried_again_and_only_once(dana):
    fine, held = OrderFactory(), OrderFactory()
    shipped = OrderFactory(status="shipped")
    run = start("release_holds", [fine, held, shipped])
    place_hold(held, hold_type="other", reason="x")
    work(run)
    place_hold(fine, hold_type="other", reason="x")

    again, twice = retry_failures(run), retry_failures(run)
    work(again)

    assert again.pk == twice.pk
    assert results(again) == {fine.number: "done", shipped.number: "refused"}
    assert again.parent == run


def test_what_still_runs_or_went_well_is_not_retried(dana):
    run = hold([OrderFactory()])
    with pytest.raises(NothingToRetry):
        retry_failures(run)
    work(run)
    with pytest.raises(NothingToRetry):
        retry_failures(run)


# --- cost -----------------------------------------------------------------------------------------


def test_five_thousand_orders_cost_the_same_queries_in_every_chunk(dana, settings, monkeypatch):
    settings.BULK_SLICE_SECONDS = 0
    monkeypatch.setattr("orders.services.bulk.collecting.CHUNK", 1_000)
    TagFactory(name="gift")
    Order.objects.bulk_create(Order(source="manual", number=f"B-{n}") for n in range(5_000))
    run = start_bulk_run("add_tag", filtered(), {"tag": "gift"}, "t")

    costs = []
    said = "goes on"
    while said == "goes on":
        with CaptureQueriesContext(connection) as queries:
            said = work_on_bulk_run(run.pk)
        costs.append(len(queries))

    assert counts(run) == (5_000, 5_000, 0, 0)
    collecting, acting = costs[:6], costs[6:-1]
    assert len(set(collecting[:-1])) == 1
    assert len(acting) == 10
    assert len(set(acting)) == 1


def test_a_forecast_counts_what_will_be_refused(dana):
    OrderFactory(status="shipped")
    OrderFactory(status="cancelled")
    stuck = OrderFactory(status="problem", problem="Lost")
    OrderEvent.objects.create(order=stuck, kind="status", to_status="shipped", actor_label="x")
    OrderFactory()
    HoldFactory()

    told = {
        name: [count for _, count in action_named(name).forecast(Order.objects.all(), {})]
        for name in ("hold", "release_holds", "cancel", "add_tag")
    }

    assert told == {"hold": [2], "release_holds": [4], "cancel": [1, 1, 1], "add_tag": []}


def test_the_forecast_of_a_cancellation_is_what_happens(dana):
    stuck = OrderFactory(status="problem", problem="Lost")
    OrderEvent.objects.create(order=stuck, kind="status", to_status="shipped", actor_label="x")
    run = start("cancel", [stuck], reason="x")

    work(run)

    assert counts(run) == (1, 0, 1, 0)
