"""Jobs that run by the clock, each slot once. `config/schedules.py` lists them all.

A schedule holds no arguments: one that cannot be read would stop every other schedule with it. It
names a function marked with @scheduled, which django-q2 calls as it stands.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_q.models import Schedule, Task

from core.models import PeriodicRun, WorkerHeartbeat
from core.tasks import path_of, perform, task

KEEP_SLOTS = timedelta(days=7)
KEEP_HEARTBEATS = timedelta(days=7)
KEEP_SUCCESSES = timedelta(days=7)
KEEP_FAILURES = timedelta(days=30)

_EVERY = "_crossdock_every"
_BATCH = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slot_of(moment: datetime, every: timedelta) -> datetime:
    """When the slot that holds `moment` began, counted in UTC: daylight saving moves no slot."""
    return _EPOCH + (moment - _EPOCH) // every * every


def claim_slot(name: str, every: timedelta, now: datetime) -> bool:
    """Take the present slot of `name`; False when somebody has it already."""
    _run, is_ours = PeriodicRun.objects.get_or_create(name=name, slot=slot_of(now, every))
    return is_ours


def scheduled(every: timedelta) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Make a job of a function without arguments, done once in each slot of `every`.

    The job has a correlation id of its own and records an attempt to exit, like any queued job.
    A slot whose job fails is not repeated: what must not be missed is found again by the next.
    """

    def decorate(function: Callable[[], Any]) -> Callable[[], Any]:
        name = path_of(function)

        @task
        @wraps(function)
        def once_a_slot() -> Any:
            if not claim_slot(name, every, timezone.now()):
                return "done already"
            return perform(function, "")

        setattr(once_a_slot, _EVERY, every)
        return once_a_slot

    return decorate


def every_of(job: Callable[[], Any]) -> timedelta:
    """How often a job is done; raises TypeError for one without @scheduled."""
    every = getattr(job, _EVERY, None)
    if not isinstance(every, timedelta):
        raise TypeError(f"{path_of(job)} is not marked with @scheduled.")
    return every


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timetable; `offset` is how long after the slot's start in UTC it is due."""

    name: str
    job: Callable[[], Any]
    offset: timedelta = timedelta(0)

    def next_run(self, now: datetime) -> datetime:
        every = every_of(self.job)
        return slot_of(now - self.offset, every) + every + self.offset

    def is_on_time(self, moment: datetime | None) -> bool:
        """Whether `moment` is one that this entry would have chosen itself."""
        if moment is None:
            return False
        start = moment - self.offset
        return slot_of(start, every_of(self.job)) == start

    def columns(self) -> dict[str, Any]:
        """What its row must hold, besides when it is due."""
        return {
            "func": path_of(self.job),
            # Minutes are the one kind that django-q2 counts in UTC, daylight saving or not.
            "schedule_type": Schedule.MINUTES,
            "minutes": every_of(self.job) // timedelta(minutes=1),
            "repeats": -1,
            **dict.fromkeys(("args", "kwargs", "hook", "cluster", "cron", "intended_date_kwarg")),
        }


@dataclass(slots=True)
class Changes:
    """How many rows had to be touched."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in asdict(self).items())


@transaction.atomic
def match_schedules(entries: Iterable[Entry], now: datetime) -> Changes:
    """Make django-q2's table hold these entries, once each, and nothing else."""
    wanted = {entry.name: entry for entry in entries}
    kept: dict[str, Schedule] = {}
    changes = Changes()
    for row in Schedule.objects.select_for_update().order_by("pk"):
        if row.name in wanted and row.name not in kept:
            kept[row.name] = row
        else:
            row.delete()
            changes.removed += 1
    for name, entry in wanted.items():
        _match_row(kept.get(name), entry, now, changes)
    return changes


def _match_row(row: Schedule | None, entry: Entry, now: datetime, changes: Changes) -> None:
    columns = entry.columns()
    if row is None:
        Schedule.objects.create(name=entry.name, next_run=entry.next_run(now), **columns)
        changes.created += 1
        return
    is_same = all(getattr(row, column) == value for column, value in columns.items())
    if is_same and entry.is_on_time(row.next_run):
        return
    Schedule.objects.filter(pk=row.pk).update(next_run=entry.next_run(now), **columns)
    changes.changed += 1


@scheduled(every=timedelta(days=1))
def prune_history() -> int:
    """Delete what jobs left behind and nobody reads any more; returns the number of rows."""
    now = timezone.now()
    jobs = Task.objects.order_by()
    newer = WorkerHeartbeat.objects.filter(queue=OuterRef("queue"), at__gt=OuterRef("at"))
    beats = WorkerHeartbeat.objects.order_by().filter(at__lt=now - KEEP_HEARTBEATS)
    return sum(
        map(
            delete_in_batches,
            [
                PeriodicRun.objects.order_by().filter(slot__lt=now - KEEP_SLOTS),
                jobs.filter(success=True, stopped__lt=now - KEEP_SUCCESSES),
                jobs.filter(success=False, stopped__lt=now - KEEP_FAILURES),
                # A queue's last sign of life stays, so that its silence is still seen.
                beats.filter(Exists(newer)),
            ],
        )
    )


def delete_in_batches(rows: models.QuerySet[Any]) -> int:
    """Delete the rows a thousand at a time, so that no lock is held for long."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:_BATCH]):
        deleted += rows.model._base_manager.filter(pk__in=keys).delete()[0]
    return deleted
