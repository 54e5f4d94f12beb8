"""The background half of an import session: each job goes on where the last one stopped."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.periodic import scheduled
from core.tasks import enqueue, task
from orders.errors import ImportTakenOver
from orders.models import ImportSession, ImportState
from orders.models.imports import WORKING
from orders.services.imports.applying import apply_rows
from orders.services.imports.leases import Lease, claim
from orders.services.imports.reading import read_session
from orders.services.imports.undoing import undo_rows

logger = logging.getLogger(__name__)


@task
def read_import(session_id: int) -> str:
    return _work(session_id, ImportState.READING, read_session)


@task
def apply_import(session_id: int) -> str:
    return _work(session_id, ImportState.APPLYING, apply_rows)


@task
def undo_import(session_id: int) -> str:
    return _work(session_id, ImportState.UNDOING, undo_rows)


_JOBS: dict[ImportState, Callable[[int], str]] = {
    ImportState.READING: read_import,
    ImportState.APPLYING: apply_import,
    ImportState.UNDOING: undo_import,
}


def job_of(state: ImportState) -> Callable[[int], str]:
    return _JOBS[state]


def _work(session_id: int, state: ImportState, work: Callable[[Lease], bool]) -> str:
    lease = claim(session_id, state)
    if lease is None:
        return "nothing to do"
    try:
        is_done = work(lease)
    except ImportTakenOver:
        return "taken over"
    if is_done:
        return "done"
    lease.give_back()
    enqueue(job_of(state), session_id, queue="bulk")
    return "goes on"


@scheduled(every=timedelta(minutes=1))
def resume_imports() -> int:
    """Queue again what no job is working on: its job was killed or its queue lost."""
    idle = Q(job_until__isnull=True) | Q(job_until__lt=timezone.now())
    stuck: Any = ImportSession.objects.filter(idle, state__in=WORKING)
    for pk, state in stuck.values_list("pk", "state"):
        enqueue(job_of(ImportState(state)), pk, queue="bulk")
    return len(stuck)
