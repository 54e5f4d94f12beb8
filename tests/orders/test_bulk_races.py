"""Clicks and jobs of bulk runs that come at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connections

from core.actor import Actor, current_actor
from orders.models import BulkRun, BulkRunRow, OrderEvent
from orders.services.bulk import cancel_bulk_run
from orders.services.bulk.errors import AlreadyFinished
from orders.services.bulk.jobs import work_on_bulk_run
from tests.factories import OrderFactory, UserFactory
from tests.orders.bulk import counts, start, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(db):
    return UserFactory(username="boss", is_superuser=True)


def all_at_once(person, *jobs):
    """Do each job in a thread of its own as that person, all started together."""
    gate = threading.Barrier(len(jobs))

    def started(job):
        current_actor.set(Actor(person.username, person.pk))
        try:
            gate.wait(timeout=30)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(started, jobs))


def start_hold(orders):
    return start("hold", orders, "one", type="other", reason="x")


def test_clicks_at_the_same_moment_start_one_run(boss):
    orders = OrderFactory.create_batch(5)

    runs = all_at_once(boss, *[lambda: start_hold(orders)] * 6)

    assert len({run.pk for run in runs}) == 1
    assert (BulkRun.objects.count(), BulkRunRow.objects.count()) == (1, 5)


def test_jobs_of_one_run_that_start_together_act_once(boss):
    current_actor.set(Actor(boss.username, boss.pk))
    run = start_hold(OrderFactory.create_batch(120))

    said = all_at_once(boss, *[lambda: work_on_bulk_run(run.pk)] * 4)

    assert sorted(said) == ["done", "nothing to do", "nothing to do", "nothing to do"]
    assert counts(run) == (120, 120, 0, 0)
    assert OrderEvent.objects.filter(kind="hold").count() == 120


def test_a_cancellation_beside_a_job_stops_it_between_orders(boss):
    current_actor.set(Actor(boss.username, boss.pk))
    run = start("cancel", OrderFactory.create_batch(40), reason="x")

    def cancel():
        with suppress(AlreadyFinished):
            cancel_bulk_run(BulkRun.objects.get(pk=run.pk))

    all_at_once(boss, lambda: work_on_bulk_run(run.pk), cancel)
    work(run)

    assert run.is_finished
    assert run.succeeded == OrderEvent.objects.filter(to_status="cancelled").count()
    assert run.rows.filter(result="pending").count() == 40 - run.succeeded
