"""A job that does nothing but prove that its queue gets jobs done."""

from typing import Any

from django.utils import timezone
from django_q.brokers import get_broker
from django_q.tasks import async_task

from core.correlation import new_correlation_id
from core.tasks import path_of, run, task
from core.worker.heartbeat import record_beat


@task
def beat(queue_name: str) -> None:
    """Run by the cluster: write the heartbeat of the host that did it."""
    record_beat(queue_name, timezone.now())


class Canary:
    """The one proof under way: sending the next takes back the last, wherever it got to.

    So a frozen or crowded queue never fills with canaries.
    """

    def __init__(self, queue_name: str):
        self.queue_name = queue_name
        self._place: Any = None

    def send(self) -> None:
        """Put a canary in the queue; raises DatabaseError when the queue's database is away."""
        self.recall()
        # Kept out of the finished jobs, whose newest 250 staff want to see.
        async_task(
            path_of(run),
            path_of(beat),
            new_correlation_id(),
            self.queue_name,
            task_name="canary",
            save=False,
            broker=_Postbox(self),
        )

    def recall(self) -> None:
        """Remove the last canary if it still waits or was lost."""
        if self._place is not None:
            get_broker(self.queue_name).delete(self._place)
            self._place = None


class _Postbox:
    """Stands in for the broker, because async_task keeps the place in the queue to itself."""

    def __init__(self, canary: Canary):
        self.canary = canary
        self.broker = get_broker(canary.queue_name)
        self.list_key = self.broker.list_key

    def enqueue(self, package: str) -> Any:
        self.canary._place = self.broker.enqueue(package)
        return self.canary._place
