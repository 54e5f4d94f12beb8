"""Whatever dies on our side or is lost on the wire, each part of a split order is there once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from integrations.models import Dispatch
from integrations.services import cancel_at_platform, retry_dispatch, send_order
from orders.models import OrderStatus
from tests.integrations.dispatch_case import make_due, work
from tests.integrations.split_case import reserved, split_there, status
from tests.integrations.test_dispatch_once import Killed, killed_at_call

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLATFORMS = ("veeqo", "easyship")
# Every how many statements and calls a crash is tried; 1 tries them all.
STRIDE = int(os.environ.get("SPLIT_STRIDE", "89"))
STEP = int(os.environ.get("SPLIT_STEP", "11"))
ORDERS, KILLS = 3, 2


@contextmanager
def killed_at_statement(n):
    """Dies at the n-th database statement; goes on otherwise."""
    seen = []

    def count(execute, sql, params, many, context):
        seen.append(sql)
        if len(seen) == n:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def work_on_all():
    for platform in PLATFORMS:
        work(platform)


def die_once(dying):
    """True when the death was reached before the work was done."""
    try:
        with dying:
            work_on_all()
    except Killed:
        make_due()
        return True
    return False


def sent_split(case):
    order = split_there(case)
    send_order(order)
    return order


def assert_each_part_is_there_once(case, order):
    told = list(order.dispatches.values_list("part", "kind", "state", "error_code", "error"))
    assert status(order) == OrderStatus.SENT, told
    assert sorted(order.shipments.values_list("part", "platform")) == [
        (1, "veeqo"),
        (2, "easyship"),
    ]
    for shipment in order.shipments.all():
        there = case.references(shipment.platform)[shipment.reference]
        assert (there["created"], there["live"], there["labels_bought"]) == (1, 1, 1)
        assert shipment.documents.filter(kind="label").count() == 1
    assert reserved(order) == {"ONT1": ["open"], "RNO1": ["open"]}


def test_a_worker_that_dies_at_any_statement_leaves_each_part_once(case):
    case.start()
    n, deaths = 1, 0
    while True:
        order = sent_split(case)
        died = die_once(killed_at_statement(n))
        work_on_all()
        assert_each_part_is_there_once(case, order)
        if not died:
            break
        n, deaths = n + STRIDE, deaths + 1
    assert deaths >= 3


@pytest.mark.parametrize("after", [False, True], ids=["unsent", "answered"])
def test_a_worker_that_dies_at_any_call_leaves_each_part_once(after, case, monkeypatch):
    case.start()
    n, deaths = 1, 0
    while True:
        order = sent_split(case)
        died = die_once(killed_at_call(monkeypatch, n, after=after))
        work_on_all()
        assert_each_part_is_there_once(case, order)
        if not died:
            break
        n, deaths = n + STEP, deaths + 1
    assert deaths >= 2


def test_a_worker_that_dies_while_all_parts_are_cancelled_frees_the_stock_once(case):
    case.start()
    n, deaths = 1, 0
    while True:
        order = sent_split(case)
        work_on_all()
        cancel_at_platform(order, "Asked")
        died = die_once(killed_at_statement(n))
        work_on_all()
        assert status(order) == OrderStatus.READY, order.problem
        assert reserved(order) == {"ONT1": ["released"], "RNO1": ["released"]}
        live = [each["live"] for name in PLATFORMS for each in case.references(name).values()]
        assert not any(live)
        if not died:
            break
        n, deaths = n + STRIDE // 2, deaths + 1
    assert deaths >= 2
    call_command("prove_stock")


# --- Real processes -------------------------------------------------------------------------------


def database_url():
    """Of the database in use, which under test is not the one of the settings."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


def started(url, count):
    told = {"DATABASE_URL": database_url(), "SANDBOX_URL": url}
    told["DJANGO_SETTINGS_MODULE"] = "tests.dispatch_settings"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integrations.dispatch_workers", str(count)],
        cwd=settings.BASE_DIR,
        env=os.environ | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_some(workers, kills):
    living, dice, hit = [], random.Random(7), 0  # noqa: S311 — a repeatable run, no secret
    threading.Thread(target=lambda: living.extend(map(int, workers.stdout)), daemon=True).start()
    while hit < kills and workers.poll() is None:
        time.sleep(dice.uniform(0.1, 0.6))
        if living:
            with suppress(ProcessLookupError):
                os.kill(living.pop(), signal.SIGKILL)
                hit += 1
    return hit


def test_killed_workers_send_each_part_once(case):
    case.start()
    orders = [sent_split(case) for _ in range(ORDERS)]
    case.faults("crash-test")

    workers = started(case.url, 2 if connection.vendor == "postgresql" else 1)
    try:
        hit = kill_some(workers, KILLS)
        errors = workers.communicate(timeout=120)[1]
    finally:
        workers.kill()

    assert (workers.returncode, hit) == (0, KILLS), errors
    for dispatch in Dispatch.objects.filter(state="needs_help"):
        assert dispatch.error_code == "worker_lost"
        retry_dispatch(dispatch)
    case.faults("")
    work_on_all()
    for order in orders:
        assert_each_part_is_there_once(case, order)
    call_command("prove_stock")
