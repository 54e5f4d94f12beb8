"""A worker really killed in the middle of a bulk run. CROSSDOCK_KILLS sets how often."""

import os

import pytest

from tests.core.running_worker import RunningWorker, migrated_database, wait_until

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CROSSDOCK_KILLS", "3"))
ORDERS = 100 * KILLS
START = f"""
import django; django.setup()
from django.contrib.auth.models import User
from core.actor import Actor, current_actor
from orders.models import Order
from orders.services.bulk import FilteredOrders, highest_order_id, start_bulk_run
boss = User.objects.create_superuser("boss", password="x")
current_actor.set(Actor(boss.username, boss.pk))
Order.objects.bulk_create(Order(source="manual", number=f"N{{n}}") for n in range({ORDERS}))
start_bulk_run("slow", FilteredOrders("", highest_order_id()), {{}}, "one")
"""
# What the sweep does every five minutes, once the killed job's lease has run out.
SWEEP = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from orders.models import BulkRun
from core.models import PeriodicRun
from orders.services.bulk.jobs import resume_bulk_runs
PeriodicRun.objects.all().delete()
BulkRun.objects.update(lease_until=timezone.now() - timedelta(minutes=2))
resume_bulk_runs()
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    with migrated_database(tmp_path_factory.mktemp("bulk")) as made:
        # One worker serves every queue here, on PostgreSQL too.
        made.environment["ONE_QUEUE"] = "true"
        yield made


def handled(database):
    return database.rows("SELECT succeeded + refused + failed FROM orders_bulkrun")[0][0]


def test_every_order_is_acted_on_exactly_once_however_often_the_worker_is_killed(
    database, tmp_path
):
    database.python("-c", START).check_returncode()
    with RunningWorker(database, tmp_path / "worker.log") as worker:
        for kill in range(KILLS):
            wait_until(lambda kill=kill: handled(database) > kill * 80 + 20)
            for process in worker.workers():
                process.kill()
            seen = handled(database)
            assert seen < ORDERS, "killed too late to prove anything"
            database.python("-c", SWEEP).check_returncode()
            wait_until(lambda seen=seen: handled(database) > seen)
        wait_until(lambda: handled(database) == ORDERS)
        wait_until(lambda: database.rows("SELECT state FROM orders_bulkrun") == [("done",)])
        worker.stop()

    acted = database.rows("SELECT order_id, COUNT(*) FROM orders_orderevent GROUP BY order_id")
    assert len(acted) == ORDERS
    assert {count for _, count in acted} == {1}
    assert database.rows("SELECT total, succeeded FROM orders_bulkrun") == [(ORDERS, ORDERS)]
