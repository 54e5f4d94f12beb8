"""What the supervisor writes to the database while it watches: canaries and heartbeats."""

import logging

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from core.worker.canary import Canary
from core.worker.heartbeat import record_beat
from core.worker.queues import Queue

logger = logging.getLogger(__name__)


class Pulse:
    """One beat sends the next canary and notes what moved since the last beat."""

    def __init__(self, queue: Queue):
        self.queue = queue
        self._canary = Canary(queue.name)
        self._noted = 0.0

    def beat(self, moved_at: float, restarts: int) -> bool:
        """Return whether the database took it; `moved_at` is the cluster's last progress."""
        try:
            close_old_connections()
            if moved_at > self._noted:
                record_beat(self.queue.name, timezone.now(), restarts=restarts)
            self._canary.send()
        except DatabaseError as error:
            logger.warning("worker waits for the database", extra={"error": str(error)})
            connection.close()
            return False
        self._noted = moved_at
        return True

    def end(self) -> None:
        """Leave no canary behind."""
        try:
            self._canary.recall()
        except DatabaseError as error:
            logger.warning("a canary stays in the queue", extra={"error": str(error)})
