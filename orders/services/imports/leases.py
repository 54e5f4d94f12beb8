"""One job at a time works on a session; a job that died loses its turn after a while."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from orders.errors import ImportTakenOver
from orders.models import ImportSession, ImportState

LEASE = timedelta(seconds=120)
"""Longer than one chunk may take; renewed with every chunk."""

SLICE_SECONDS = 35.0
"""After this a job ends and queues itself again: far below every queue's timeout."""


@dataclass(slots=True)
class Lease:
    """The right to work on a session in a state, until it is given back or runs out."""

    session_id: int
    state: ImportState
    token: str
    began: float = field(default_factory=time.monotonic)

    @property
    def is_slice_over(self) -> bool:
        return time.monotonic() - self.began > SLICE_SECONDS

    def keep(self, **changes: Any) -> None:
        """Renew inside the transaction of a chunk. Raises ImportTakenOver: write nothing then."""
        until = timezone.now() + LEASE
        if not self._mine().update(job_until=until, **changes):
            raise ImportTakenOver()

    def give_back(self, **changes: Any) -> None:
        self._mine().update(job_token="", job_until=None, **changes)

    def _mine(self) -> Any:
        return ImportSession.objects.filter(
            pk=self.session_id, state=self.state, job_token=self.token
        )


def claim(session_id: int, state: ImportState) -> Lease | None:
    """Take the turn, or None when the session is in another state or somebody else's."""
    now, token = timezone.now(), secrets.token_hex(8)
    free = Q(job_until__isnull=True) | Q(job_until__lt=now)
    waiting = ImportSession.objects.filter(free, pk=session_id, state=state)
    if not waiting.update(job_token=token, job_until=now + LEASE):
        return None
    return Lease(session_id, state, token)
