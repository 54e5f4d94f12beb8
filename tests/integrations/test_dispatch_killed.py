"""Real worker processes, killed at random while the network loses answers.

CI runs it small; CRASH_ORDERS, CRASH_KILLS and CRASH_WORKERS make it large.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import connection

from integrations.models import Dispatch
from integrations.services import retry_dispatch
from orders.models import Order, OrderStatus, Shipment

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ORDERS = int(os.environ.get("CRASH_ORDERS", "8"))
KILLS = int(os.environ.get("CRASH_KILLS", "4"))
WORKERS = int(os.environ.get("CRASH_WORKERS", "3" if connection.vendor == "postgresql" else "1"))


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


def started_workers(url):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integrations.dispatch_workers", str(WORKERS)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.dispatch_settings",
            "DATABASE_URL": database_url(),
            "SANDBOX_URL": url,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_some(workers, kills):
    """Kill a random living worker again and again; returns how many were hit."""
    pids, hit, dice = [], 0, random.Random(7)  # noqa: S311 — a repeatable run, no secret
    reader = threading.Thread(target=lambda: pids.extend(map(int, workers.stdout)), daemon=True)
    reader.start()
    while hit < kills and workers.poll() is None:
        time.sleep(dice.uniform(0.1, 0.6))
        for pid in random.sample(pids[-WORKERS:], min(1, len(pids))):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                hit += 1
    return hit


def test_killed_workers_lose_nothing_and_send_nothing_twice(case):
    case.start()
    for platform in ("veeqo", "easyship"):
        case.routed(platform)
    case.faults("crash-test")
    orders = [case.sent(("veeqo", "easyship")[n % 2]) for n in range(ORDERS)]

    workers = started_workers(case.url)
    try:
        hit = kill_some(workers, KILLS)
        errors = workers.communicate(timeout=60 + 10 * ORDERS)[1]
    finally:
        workers.kill()

    assert workers.returncode == 0, errors
    assert hit == KILLS
    help_all(case)
    assert not Order.objects.filter(pk__in=[o.pk for o in orders]).exclude(status="sent").exists()
    assert Shipment.objects.count() == ORDERS
    there = case.references("veeqo") | case.references("easyship")
    assert len(there) == ORDERS
    for known in there.values():
        assert (known["created"], known["live"], known["labels_bought"]) == (1, 1, 1)


def help_all(case):
    """A person presses Retry on what lost its worker five times."""
    stuck = list(Dispatch.objects.filter(state="needs_help"))
    assert {each.error_code for each in stuck} <= {"worker_lost"}
    for dispatch in stuck:
        retry_dispatch(dispatch)
    if stuck:
        assert started_workers(case.url).wait(60) == 0
    assert Order.objects.filter(status=OrderStatus.PROBLEM).count() == 0
