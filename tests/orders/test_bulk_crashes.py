"""A job killed at any moment: no order is acted on twice, and none is lost."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from orders.models import BulkRun, BulkState, OrderEvent
from orders.services.bulk import FilteredOrders, highest_order_id, start_bulk_run
from orders.services.bulk.jobs import work_on_bulk_run
from tests.factories import OrderFactory, TagFactory
from tests.orders.bulk import allow, counts, start, work

pytestmark = pytest.mark.django_db


ORDERS = 2


class Killed(BaseException):
    """What no code catches."""


class AfterStatements:
    """Raises once, after so many statements were executed."""

    def __init__(self, count, error):
        self.left, self.error = count, error

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        self.left -= 1
        if self.left == 0:
            raise self.error
        return answer


@pytest.fixture
def dana(acting):
    allow(acting, "view_order", "change_order", "hold_order", "cancel_order")
    return acting


def start_hold():
    parameters = {"type": "other", "reason": "x"}
    return start("hold", OrderFactory.create_batch(ORDERS), "t", **parameters)


def start_tagging():
    TagFactory(name="gift")
    OrderFactory.create_batch(ORDERS)
    everything = FilteredOrders("", highest_order_id())
    return start_bulk_run("add_tag", everything, {"tag": "gift"}, "t")


def start_cancelling():
    return start("cancel", OrderFactory.create_batch(ORDERS), "t", reason="x")


def survive(begin, statements):
    """Whether the job was over before it could be killed."""
    run = begin()
    try:
        with connection.execute_wrapper(AfterStatements(statements, Killed())):
            work_on_bulk_run(run.pk)
        was_killed = False
    except Killed:
        was_killed = True
    BulkRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work(run)
    assert (run.state, counts(run)) == (BulkState.DONE, (ORDERS, ORDERS, 0, 0)), (
        f"after {statements}"
    )
    acted = OrderEvent.objects.exclude(kind="created").values_list("order", flat=True)
    assert sorted(acted) == sorted(set(acted)), f"twice, after {statements}"
    assert len(acted) == ORDERS, f"lost, after {statements}"
    return not was_killed


def undone(call, *arguments):
    """Take back what the call wrote, so that the next one starts afresh."""
    with transaction.atomic():
        answer = call(*arguments)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("begin", [start_hold, start_tagging, start_cancelling])
def test_a_job_killed_after_any_statement_is_finished_by_the_next_exactly_once(dana, begin):
    statements = 1
    while not undone(survive, begin, statements):
        statements += 1

    assert statements > 20


@pytest.mark.parametrize("statements", [8, 12, 16])
def test_a_deadlock_undoes_a_chunk_and_the_run_goes_on_by_itself(
    dana, statements, caplog, django_capture_on_commit_callbacks
):
    run = start_hold()

    with django_capture_on_commit_callbacks() as queued:
        deadlock = AfterStatements(statements, OperationalError("deadlock detected"))
        with connection.execute_wrapper(deadlock):
            assert work_on_bulk_run(run.pk) == "goes on"

    assert len(queued) == 1
    assert not OrderEvent.objects.exists()
    work(run)
    assert counts(run) == (ORDERS, ORDERS, 0, 0)
