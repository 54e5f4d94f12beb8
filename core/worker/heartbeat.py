"""The row that shows from outside whether a queue's worker gets anything done."""

import socket
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from core.errors import DomainError
from core.models import WorkerHeartbeat
from core.worker.queues import Queue, queue_named, queue_names


class WorkerUnwell(DomainError):
    code = "worker_unwell"


def this_host() -> str:
    return socket.gethostname()[:100]


def record_beat(queue_name: str, at: datetime, **changes: int) -> None:
    """Write down that this host's worker for the queue finished something at `at`."""
    WorkerHeartbeat.objects.update_or_create(
        queue=queue_name, host=this_host(), defaults={"at": at, **changes}
    )


def longest_silence(queue: Queue) -> timedelta:
    """How old a heartbeat may be: one job at its longest, and the beats around it."""
    return timedelta(seconds=queue.stall_seconds + 2 * settings.WORKER_CANARY_SECONDS)


def check_worker(
    queue: Queue, now: datetime, *, host: str = "", max_age: timedelta | None = None
) -> timedelta:
    """Return the age of the heartbeat of one host, or of the freshest host when none is named.

    Raises WorkerUnwell when there is no heartbeat or it is older than `max_age`.
    """
    limit = longest_silence(queue) if max_age is None else max_age
    beats = WorkerHeartbeat.objects.filter(queue=queue.name, **({"host": host} if host else {}))
    beat = beats.aggregate(at=Max("at"))["at"]
    where = f"queue {queue.name}" + (f" on {host}" if host else "")
    if beat is None:
        raise WorkerUnwell(f"No worker of {where} has finished anything yet.")
    if now - beat > limit:
        raise WorkerUnwell(
            f"The worker of {where} last finished something {_seconds(now - beat)} s ago; "
            f"more than {_seconds(limit)} s is too long."
        )
    return timedelta(seconds=max(0.0, (now - beat).total_seconds()))


def silent_queues(now: datetime | None = None) -> list[str]:
    """Name the queues that once had a worker and whose last heartbeat is too old."""
    freshest = dict(WorkerHeartbeat.objects.order_by().values_list("queue").annotate(at=Max("at")))
    moment = now or timezone.now()
    return [
        name
        for name in queue_names()
        if name in freshest and moment - freshest[name] > longest_silence(queue_named(name))
    ]


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
