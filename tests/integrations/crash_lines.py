"""A worker that dies at a chosen line, and the one that takes over: does it converge?

A point is a line of the engine or of an adapter and the how-maniest time it is reached. Points
between which nothing is asked of the platform, nothing written and no transaction ended are one
moment: a process that dies at any of them leaves the same behind. A clean run lists the moments of
creating, of buying the label and of cancelling; then one order dies once in each of the three. It
must be there once, with one label, and nothing alive after its cancellation, though searches miss
a new order for longer than a lease.
"""

import gc
import hashlib
import os
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from integrations.dispatching import connections
from integrations.dispatching.connections import current_work
from integrations.dispatching.locks import order_lock
from integrations.dispatching.worker import work_once
from integrations.models import Dispatch, DispatchState
from integrations.services import cancel_at_platform
from orders.models import OrderStatus

ENGINE = str(Path(settings.BASE_DIR) / "integrations" / "dispatching")
ADAPTERS = str(Path(settings.BASE_DIR) / "integrations" / "platforms")
KINDS = ("create", "label", "cancel")
_MOST_ATTEMPTS = 8
SEARCH_LAG = "search-lag:300"
"""Seconds for which searches miss a new order: longer than a lease, shorter than the doubt."""


class Killed(BaseException):
    """The process ends here: no handler of ours may catch it."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """The nth time that a line is reached in one dispatch."""

    file: str
    line: int
    nth: int

    @property
    def place(self):
        return self.file, self.line

    @property
    def is_engine(self):
        return self.file.startswith(ENGINE)

    def __str__(self):
        return f"{self.file.removeprefix(str(settings.BASE_DIR))}:{self.line} #{self.nth}"


class Lines:
    """Calls `reached` before each line of the engine and the adapters is run."""

    def __init__(self, reached):
        self._reached, self._counts = reached, Counter()

    def __enter__(self):
        sys.settrace(self._enter)
        return self

    def __exit__(self, *_error):
        sys.settrace(None)

    def _enter(self, frame, _event, _argument):
        return self._step if frame.f_code.co_filename.startswith((ENGINE, ADAPTERS)) else None

    def _step(self, frame, event, _argument):
        if event == "line":
            place = frame.f_code.co_filename, frame.f_lineno
            self._counts[place] += 1
            self._reached(Point(*place, self._counts[place]))
        return self._step


class Push:
    """Orders of one platform at a sandbox inside this process; see sandbox_inside."""

    def __init__(self, case, platform, inside):
        self._case, self._platform, self._inside = case, platform, inside
        self._writes = 0
        case.settings.DISPATCH = {}  # the product's own pauses; time passes below
        case.faults(SEARCH_LAG)

    def moments(self):
        """Each kind's moments, as lists of their points, in a run in which nothing happens."""
        self._live(lambda _kind, _reached: None)  # what is imported or looked up once only
        kept = {kind: {} for kind in KINDS}

        def note(kind, point):
            moment = self._inside.asked, self._writes, connection.in_atomic_block
            kept[kind].setdefault(moment, []).append(point)

        with connection.execute_wrapper(self._count_writes):
            self._live(note)
        return {kind: list(moments.values()) for kind, moments in kept.items()}

    def die(self, points):
        """One order, killed at one point of each kind; returns the points that were not reached."""
        alive = set(points.values())

        def reached(kind, point):
            if points.get(kind) == point and point in alive:
                alive.discard(point)
                raise Killed

        self._live(reached)
        return sorted(alive)

    def _count_writes(self, execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        finally:
            self._writes += not sql.startswith("SELECT ") or "pg_" in sql

    def _live(self, reached):
        order = self._case.sent(self._platform)
        for kind in KINDS:
            if kind == "cancel":
                self._assert_there_once(order)
                cancel_at_platform(order, "Wrong address.")
            with _burial(), Lines(lambda point, kind=kind: reached(kind, point)):
                work_once(self._platform)
            _unlock(order)
            self._carry_on(order, kind)
        self._assert_gone(order)

    def _carry_on(self, order, kind):
        """Another worker, after the lease."""
        for _ in range(_MOST_ATTEMPTS):
            dispatch = Dispatch.objects.get(order=order, kind=kind)
            if dispatch.state == DispatchState.DONE:
                return
            assert dispatch.state != DispatchState.NEEDS_HELP, dispatch.error
            self._wait_for(dispatch)
            work_once(self._platform)
        told = list(dispatch.tries.values_list("outcome", "error_code"))
        raise AssertionError(f"{kind} is {dispatch.state}: {dispatch.error} {told}")

    def _wait_for(self, dispatch):
        """The time passes, here and there, until it is due."""
        due = dispatch.lease_until or dispatch.next_attempt_at
        seconds = max(0.0, (due - timezone.now()).total_seconds()) + 0.1
        times = ("lease_until", "next_attempt_at", "doubted_at")
        passed = {name: F(name) - timedelta(seconds=seconds) for name in times}
        Dispatch.objects.filter(pk=dispatch.pk).update(**passed)
        self._inside.ahead += seconds

    def _assert_there_once(self, order):
        order.refresh_from_db()
        shipment = order.shipments.get()
        assert (order.status, shipment.state) == (OrderStatus.SENT, "labelled")
        assert self._there(shipment) == (1, 1, 1, 1)
        assert shipment.documents.filter(kind="label").count() == 1

    def _assert_gone(self, order):
        order.refresh_from_db()
        shipment = order.shipments.get()
        assert (order.status, shipment.state) == (OrderStatus.READY, "cancelled")
        assert self._there(shipment) == (1, 0, 1, 0)

    def _there(self, shipment):
        """How many were created, are alive, labels bought, labels alive."""
        known = self._case.references(self._platform)[shipment.reference]
        return tuple(known[name] for name in ("created", "live", "labels_bought", "labels"))


@contextmanager
def _burial():
    """With a process die its connection and all it kept; no handler of it runs any more."""
    try:
        yield
    except Killed:
        if connection.connection is not None:
            connection.connection.close()
            connection.connection = None
        connection.connect()
        current_work.set(None)
        connections._kept.__dict__.clear()


def _unlock(order):
    """With a process die its file locks; here they hang on frames, or on nothing but a number."""
    with order_lock(order.pk) as lock:
        if lock is not None:
            return
    gc.collect()
    for handle in Path("/proc/self/fd").iterdir():
        if handle.exists() and ".locks/order-" in str(handle.readlink()):
            os.close(int(handle.name))


def one_of_each(moments):
    """A point of each moment: an engine's line that no other moment has had, if there is one."""
    taken, chosen = set(), []
    for points in moments:
        fresh = [p for p in points if p.is_engine and p.place not in taken]
        others = [p for p in points if p.place not in taken]
        point = (fresh or others or points)[0]
        taken.add(point.place)
        chosen.append(point)
    return chosen


def every_line(moments):
    """Each line that was reached, once; which nth time is left to a hash of its name."""
    by_line = {}
    for point in (point for points in moments for point in points):
        by_line.setdefault(point.place, []).append(point)
    return [_one_of(times) for _place, times in sorted(by_line.items())]


def _one_of(times):
    name = f"{Path(times[0].file).name}:{times[0].line}".encode()
    return times[int(hashlib.sha256(name).hexdigest(), 16) % len(times)]


def rounds(by_kind):
    """One point of each kind at a time, until all are used."""
    for n in range(max(len(points) for points in by_kind.values())):
        yield {kind: points[n] for kind, points in by_kind.items() if n < len(points)}
