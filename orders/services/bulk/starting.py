"""A run is asked for, cancelled, and tried again."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from core.actor import current_actor
from core.audit import plain
from core.correlation import correlation_id
from core.tasks import enqueue
from orders.models import BulkRun, BulkRunRow, BulkSelection, BulkState, Order
from orders.services.bulk.errors import (
    AlreadyFinished,
    NobodyAsks,
    NotAllowed,
    NothingSelected,
    NothingToRetry,
)
from orders.services.bulk.jobs import work_on_bulk_run
from orders.services.bulk.leases import ending, unattended
from orders.services.bulk.registry import BulkAction, Parameters, action_named
from orders.services.bulk.selection import FilteredOrders, Selection, TickedOrders

_IDS_AT_ONCE = 500


def start_bulk_run(
    action: str, selection: Selection, parameters: Parameters, token: str
) -> BulkRun:
    """Start the action on the selection as the acting person; the same token gives the same run.

    `parameters` are the cleaned values of the action's form. Raises UnknownAction, NobodyAsks,
    NotAllowed, NothingSelected.
    """
    run = _new_run(action_named(action), parameters, token)
    if isinstance(selection, FilteredOrders):
        run.selection = BulkSelection.FILTER
        run.query, run.highest_id = selection.query, selection.highest_id
        return _started_once(run, lambda: None)
    run.selection, run.is_collected = BulkSelection.IDS, True
    return _started_once(run, lambda: _write_rows(run, selection))


def retry_failures(run: BulkRun) -> BulkRun:
    """Start the same action on what was refused or failed; a run is retried once, its retry again.

    Raises NothingToRetry, NobodyAsks, NotAllowed.
    """
    if not run.is_finished or not run.failures:
        raise NothingToRetry(str(run))
    again = _new_run(action_named(run.action), run.parameters, f"retry-{run.pk}")
    again.selection, again.parent = BulkSelection.FAILURES, run
    return _started_once(again, lambda: None)


def cancel_bulk_run(run: BulkRun) -> None:
    """Leave alone what is not done yet. A job at work stops after its chunk; without one the run
    is over at once. Raises AlreadyFinished.
    """
    unfinished = BulkRun.objects.filter(pk=run.pk, finished_at=None)
    if not unfinished.update(is_cancel_asked=True):
        run.refresh_from_db()
        raise AlreadyFinished(str(run), run.get_state_display())
    unattended().filter(pk=run.pk).update(**ending(BulkState.CANCELLED))
    run.refresh_from_db()


def _new_run(action: BulkAction, parameters: Parameters, token: str) -> BulkRun:
    return BulkRun(
        action=action.name,
        label=action.label,
        parameters={name: plain(value) for name, value in parameters.items()},
        permission=action.permission,
        token=token,
        actor=_person_allowed(action),
        correlation_id=correlation_id.get(),
    )


def _person_allowed(action: BulkAction) -> User:
    actor_id = current_actor.get().user_id
    person = actor_id and get_user_model()._default_manager.filter(pk=actor_id).first()
    if not person:
        raise NobodyAsks()
    if not person.has_perm(action.permission):
        raise NotAllowed(person.get_username(), action.label.rstrip("…"))
    return person


def _started_once(run: BulkRun, add_rows: Callable[[], None]) -> BulkRun:
    """Write it down and queue its job, unless its token was used: then the run that used it."""
    try:
        with transaction.atomic():
            run.save()
            add_rows()
            enqueue(work_on_bulk_run, run.pk, queue="bulk")
    except IntegrityError:
        # The unique token is the judge; asked only now, because two clicks may come at once.
        if first := BulkRun.objects.filter(token=run.token).first():
            return first
        raise
    return run


def _write_rows(run: BulkRun, selection: TickedOrders) -> None:
    wanted = sorted(set(selection.ids))
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        some = Order.objects.filter(pk__in=wanted[start : start + _IDS_AT_ONCE])
        rows = BulkRunRow.objects.bulk_create(
            BulkRunRow(run=run, order_id=pk, label=number)
            for pk, number in some.order_by("pk").values_list("pk", "number")
        )
        run.total += len(rows)
    if not run.total:
        raise NothingSelected()
    run.save(update_fields=["total"])
