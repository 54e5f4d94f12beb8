"""One job at a time works on a run; a job that died loses its turn after a while."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from orders.models import BulkRun, BulkState
from orders.models.bulk import UNFINISHED
from orders.services.bulk.errors import StopAsked, TakenOver


@dataclass(slots=True)
class Lease:
    """The right to work on a run, until it is given back or runs out."""

    run_id: int
    token: str
    began: float = field(default_factory=time.monotonic)

    @property
    def is_slice_over(self) -> bool:
        return time.monotonic() - self.began > settings.BULK_SLICE_SECONDS

    def keep(self, **changes: Any) -> None:
        """Renew inside the transaction of a chunk. First in it, this locks the run: nobody else
        can take it before the end. Raises StopAsked, TakenOver: write nothing then.
        """
        if self._mine().filter(is_cancel_asked=False).update(lease_until=_until(), **changes):
            return
        if self._mine().exists():
            raise StopAsked()
        raise TakenOver()

    def give_back(self) -> None:
        # The moment stays, so that the sweep sees how long nobody has worked on the run.
        self._mine().update(lease_token="", lease_until=timezone.now())

    def finish(self, state: BulkState, problem: str = "") -> None:
        self._mine().update(**ending(state, problem))

    def _mine(self) -> QuerySet[BulkRun]:
        return BulkRun.objects.filter(
            pk=self.run_id, state=BulkState.RUNNING, lease_token=self.token
        )


def _until() -> datetime:
    return timezone.now() + timedelta(seconds=settings.BULK_LEASE_SECONDS)


def claim(run_id: int) -> Lease | None:
    """Take the turn, or None when the run is over or somebody else's."""
    now, token = timezone.now(), secrets.token_hex(8)
    taken = unattended().filter(pk=run_id)
    if not taken.update(
        state=BulkState.RUNNING,
        lease_token=token,
        lease_until=_until(),
        vain_starts=F("vain_starts") + 1,
    ):
        return None
    BulkRun.objects.filter(pk=run_id, started_at=None).update(started_at=now)
    return Lease(run_id, token)


def unattended(since: timedelta = timedelta(0)) -> QuerySet[BulkRun]:
    """Runs that are not over and that no job has worked on for so long."""
    moment = timezone.now() - since
    never = Q(lease_until__isnull=True, created_at__lte=moment)
    waiting = BulkRun.objects.filter(never | Q(lease_until__lte=moment), state__in=UNFINISHED)
    return waiting.order_by()


def ending(state: BulkState, problem: str = "") -> dict[str, Any]:
    """The columns of a run that is over."""
    return {
        "state": state,
        "problem": problem[:500],
        "finished_at": timezone.now(),
        "lease_token": "",
        "lease_until": None,
    }
