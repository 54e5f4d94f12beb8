"""The background half of a bulk run: each job goes on where the last one stopped."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import OperationalError

from core.actor import Actor, current_actor
from core.correlation import correlation_id
from core.periodic import scheduled
from core.tasks import enqueue, task
from orders.models import BulkRun, BulkState
from orders.services.bulk.acting import act_on_next
from orders.services.bulk.collecting import collect_next
from orders.services.bulk.errors import BulkError, NoLongerAllowed, StopAsked, TakenOver
from orders.services.bulk.leases import Lease, claim, unattended
from orders.services.bulk.registry import action_named

logger = logging.getLogger(__name__)

MAX_VAIN_STARTS = 5
_CHECK_SECONDS = 2.0
# A run in the queue gets its turn in that time; queued twice, it would take two turns.
_PATIENCE = timedelta(minutes=1)
_STUCK = (
    "The run was interrupted several times at the same order and was stopped; orders not done yet "
    "were left as they are. Tell your administrator, then start a new run for the rest."
)


@task
def work_on_bulk_run(run_id: int) -> str:
    """Work for a slice of time; returns how far that came, for the list of finished jobs."""
    lease = claim(run_id)
    if lease is None:
        return "nothing to do"
    run = BulkRun.objects.select_related("actor").get(pk=run_id)
    try:
        with _acting_as(run):
            is_over = _work(lease, run)
    except TakenOver:
        return "taken over"
    except OperationalError:
        # A deadlock or a busy database: the chunk is undone, and the run goes on in a new job.
        logger.warning("bulk run interrupted by the database", exc_info=True)
        is_over = False
    if is_over:
        return "done"
    lease.give_back()
    enqueue(work_on_bulk_run, run_id, queue="bulk")
    return "goes on"


@scheduled(every=timedelta(minutes=5))
def resume_bulk_runs() -> int:
    """Queue again what no job is working on: its job was killed or its queue lost."""
    left = list(unattended(_PATIENCE).values_list("pk", flat=True))
    for pk in left:
        enqueue(work_on_bulk_run, pk, queue="bulk")
    return len(left)


def _work(lease: Lease, run: BulkRun) -> bool:
    """Whether the run is over; False when the slice of time ended first."""
    if run.vain_starts > MAX_VAIN_STARTS:
        lease.finish(BulkState.FAILED, _STUCK)
        return True
    try:
        return _work_on(lease, run)
    except TakenOver:
        raise
    except StopAsked:
        lease.finish(BulkState.CANCELLED)
    except BulkError as error:
        lease.finish(BulkState.FAILED, str(error))
    return True


def _work_on(lease: Lease, run: BulkRun) -> bool:
    """Collect, then act, chunk after chunk; whether nothing is left."""
    action = action_named(run.action)
    next_check = 0.0
    while True:
        if time.monotonic() >= next_check:
            _check_allowed(run)
            next_check = time.monotonic() + _CHECK_SECONDS
        if not run.is_collected:
            collect_next(lease, run)
        elif not act_on_next(lease, run, action):
            lease.finish(BulkState.DONE)
            return True
        if lease.is_slice_over:
            return False


def _check_allowed(run: BulkRun) -> None:
    """The person may have lost the permission, or the account, since the run began."""
    # Read anew: a user object remembers its permissions.
    person = type(run.actor)._default_manager.get(pk=run.actor_id)
    if not person.is_active or not person.has_perm(run.permission):
        raise NoLongerAllowed(person.get_username(), run.label.rstrip("…"))


@contextmanager
def _acting_as(run: BulkRun) -> Iterator[None]:
    """History names the person who asked, and the click."""
    actor_mark = current_actor.set(Actor(run.actor.get_username(), run.actor_id))
    click_mark = correlation_id.set(run.correlation_id or correlation_id.get())
    try:
        yield
    finally:
        correlation_id.reset(click_mark)
        current_actor.reset(actor_mark)
