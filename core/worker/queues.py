"""What one queue's worker is allowed: taken from the same settings django-q2 reads."""

import math
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.errors import DomainError

# Time for django-q2 itself to notice, to record and to end its processes.
_SPARE_SECONDS = 10


class UnknownQueue(DomainError):
    code = "unknown_queue"

    def __init__(self, name: str):
        known = ", ".join(sorted(queue_names()))
        super().__init__(f"There is no queue {name!r}. The queues are: {known}.")


@dataclass(frozen=True, slots=True)
class Queue:
    """One cluster's limits; `timeout` and `retry` are seconds."""

    name: str
    workers: int
    queue_limit: int
    bulk: int
    timeout: int
    retry: int

    @property
    def rounds(self) -> int:
        """How many jobs in a row one worker may have to do for what the cluster holds."""
        return math.ceil((self.queue_limit + self.bulk) / self.workers) + 1

    @property
    def stall_seconds(self) -> float:
        """How long nothing may be finished: never less than one job may take."""
        return self.timeout + float(settings.WORKER_STALL_SECONDS)

    @property
    def stop_seconds(self) -> float:
        """How long a graceful stop may take: all that is in hand, each job at its longest."""
        return self.rounds * self.timeout + _SPARE_SECONDS


def queue_names() -> list[str]:
    return [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]


def default_queue() -> str:
    return str(settings.Q_CLUSTER["name"])


def queue_named(name: str) -> Queue:
    """Raises UnknownQueue."""
    if name not in queue_names():
        raise UnknownQueue(name)
    limits: dict[str, Any] = settings.Q_CLUSTER | settings.Q_CLUSTER["ALT_CLUSTERS"].get(name, {})
    wanted = ("workers", "queue_limit", "bulk", "timeout", "retry")
    return Queue(name=name, **{key: limits[key] for key in wanted})
