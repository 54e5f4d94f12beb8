"""Real worker processes, killed at random, against a sandbox process that mishandles requests.

The sandbox is the judge: what it holds is counted, not what we believe to have sent. The test runs
this small, benchmarks/dispatch_crashes.py as large as one likes.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from integrations.models import AttemptOutcome, Dispatch, DispatchAttempt
from integrations.services import retry_dispatch
from orders.models import Order, OrderStatus, Shipment

PLATFORMS = ("veeqo", "easyship")
FAULTS = "lost-response:0.3,429:0.1,500:0.1"
_KILLS_END_AT = 0.95
"""The last kill comes when so much is done: each must find work under way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, and the seed that chooses victims and moments."""

    orders: int
    kills: int
    workers: int
    seed: int = 7


@dataclass(slots=True)
class Verdict:
    """What the run came to; `lost` and `repeated` say each what is wrong with which order."""

    seconds: float = 0.0
    kills: int = 0
    broke_off: int = 0
    helped: int = 0
    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    statistics: dict = field(default_factory=dict)


def crash(case, plan):
    """Send the orders while workers die; returns the Verdict. The case has its sandbox already."""
    for platform in PLATFORMS:
        case.routed(platform)
    orders = [case.sent(PLATFORMS[n % 2]) for n in range(plan.orders)]
    case.faults(FAULTS)
    case.control("statistics/reset")
    began, verdict = time.monotonic(), Verdict()
    workers = started(case.url, plan.workers)
    try:
        verdict.kills = _kill(workers, plan)
        errors = workers.communicate(timeout=120 + 10 * plan.orders)[1]
    finally:
        workers.kill()
    assert workers.returncode == 0, errors
    verdict.helped = _help(case)
    verdict.seconds = time.monotonic() - began
    _judge(case, orders, verdict)
    return verdict


def started(url, count):
    """The parent of so many workers; it ends when nothing waits any more."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integrations.dispatch_workers", str(count)],
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


def database_url():
    """Of the database in use, which under test is not the one of the settings."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{login}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


def _kill(workers, plan):
    """Kill living workers, spread evenly over the work; returns how many were hit."""
    living, dice, hit = set(), random.Random(plan.seed), 0  # noqa: S311 — repeatable, no secret
    threading.Thread(target=lambda: living.update(map(int, workers.stdout)), daemon=True).start()
    while hit < plan.kills and workers.poll() is None:
        if _share_done(plan.orders) < _KILLS_END_AT * hit / plan.kills:
            time.sleep(0.02)
            continue
        time.sleep(dice.uniform(0.02, 0.4))
        hit += _kill_one(living, dice)
    return hit


def _kill_one(living, dice):
    if not living:
        return 0
    victim = dice.choice(sorted(living))
    living.discard(victim)
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def _share_done(orders):
    """Each order takes two dispatches: one creates it, one buys its label."""
    return Dispatch.objects.filter(state="done").count() / (2 * orders)


def _help(case):
    """A person presses Retry on what lost its worker five times; how often."""
    stuck = list(Dispatch.objects.filter(state="needs_help"))
    assert {each.error_code for each in stuck} <= {"worker_lost"}, [each.error for each in stuck]
    for dispatch in stuck:
        retry_dispatch(dispatch)
    if stuck:
        assert started(case.url, 1).wait(120) == 0
    return len(stuck)


def _judge(case, orders, verdict):
    there = {name: known for each in PLATFORMS for name, known in case.references(each).items()}
    ours = dict(Shipment.objects.values_list("reference", "order__number"))
    for order in Order.objects.filter(pk__in=[order.pk for order in orders]):
        shipments = order.shipments.exclude(state="cancelled")
        names = [shipment.reference for shipment in shipments if shipment.tracking_number]
        alive = [name for name in names if there.get(name, {}).get("labels") == 1]
        if order.status != OrderStatus.SENT or len(alive) != 1:
            verdict.lost.append(f"{order.number}: {order.status}, {len(alive)} labels alive")
    for name, known in there.items():
        if name not in ours or (known["created"], known["labels_bought"]) != (1, 1):
            verdict.repeated.append(f"{name}: {known}")
    verdict.broke_off = DispatchAttempt.objects.filter(outcome=AttemptOutcome.DIED).count()
    verdict.statistics = {each: case.statistics()[each] for each in PLATFORMS}
