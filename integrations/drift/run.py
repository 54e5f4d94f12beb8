"""A round: what changed there is listed, then our shipments and open findings are looked at.

Paced like every background call, taken up again where it broke off, and harmless when killed: each
part is recorded before the next begins, and looking twice finds the same.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.connections import in_background, platform_named
from integrations.dispatching.policy import current_policy
from integrations.drift import rounds
from integrations.drift.looks import Look, look_at_shipment, look_at_stray, strays_of, view_of
from integrations.drift.pages import sort_page
from integrations.models import DriftFinding, Reconciliation
from integrations.platforms.errors import (
    OutOfBudget,
    Paused,
    PlatformError,
    Retryable,
    concerns_everybody,
)
from orders.models import Shipment, ShipmentState

WINDOW = timedelta(days=60)
"""Older shipments are looked at no more, as their parcels are followed no more."""
RECENT = timedelta(days=3)
"""Delivered and cancelled shipments are looked at so much longer; the first list begins then."""
LOOK_EVERY = timedelta(days=1)
"""A platform's own word for what changed is trusted that long."""
_OVER = (ShipmentState.CANCELLED, ShipmentState.DELIVERED, ShipmentState.RETURNED)
_PART = 100
_TRIES = 3
_LONGEST_PAUSE = 2.0
_FOREVER = float("inf")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How a round with one platform stands; `open` and `ignored` count all findings there are.

    `in_flight` things were left out because a dispatch was at work on them; `failed` ones could not
    be looked at, and `error` says why the round broke off, if it did.
    """

    platform: str
    looked: int = 0
    agreed: int = 0
    in_flight: int = 0
    opened: int = 0
    resolved: int = 0
    open: int = 0
    ignored: int = 0
    failed: int = 0
    is_complete: bool = False
    error: str = ""
    last_success_at: datetime | None = None

    @property
    def is_success(self) -> bool:
        return self.is_complete and not self.failed and not self.error

    @property
    def still_open(self) -> int:
        """Open ones that this round did not open."""
        return max(0, self.open - self.opened)


def reconcile_platform(
    platform: str, *, seconds: float = _FOREVER, thorough: bool = True, anew: bool = True
) -> Reconciled:
    """Compare the platform with us for so many seconds; call it outside of a transaction.

    `thorough` looks at every shipment of the window, not only at those not looked at for a day;
    `anew` begins a round even when one is under way. A failure is in the answer and clears nothing.
    """
    if blocked_until(platform, timezone.now()) is not None:
        return _told(platform, "It may not be called now: see its page.")
    row = rounds.take(platform)
    if row is None:
        return _told(platform, "Another run is comparing it already. Wait for that one.")
    error = ""
    try:
        rounds.begin(row, _first_since(platform), thorough=thorough, anew=anew)
        with in_background():
            _Round(row, time.monotonic() + seconds).go()
    except rounds.RoundLost:
        error = "Another run has taken over."
    except (PlatformError, ValueError) as failure:
        error = str(failure)
        _note(row, error)
    finally:
        rounds.give_back(row)
    return _told(platform, error)


def due_shipments(row: Reconciliation) -> QuerySet[Shipment]:
    """Shipments of the window that this round has not looked at yet, and must."""
    now, started = timezone.now(), row.started_at
    live = Q(created_at__gte=now - WINDOW) & ~Q(state__in=_OVER)
    recent = Q(cancelled_at__gte=now - RECENT) | Q(delivered_at__gte=now - RECENT)
    doubted = Exists(
        DriftFinding.objects.unsettled().filter(
            platform=OuterRef("platform"), remote_id=OuterRef("remote_id")
        )
    )
    unseen = Q(looked_at__isnull=True) | Q(looked_at__lt=started)
    due = Shipment.objects.filter(platform=row.platform).annotate(looked_at=F("drift_look__at"))
    due = due.filter(Q(live | recent) | Q(doubted), unseen)
    if row.is_thorough:
        return due
    stale = Q(looked_at__isnull=True) | Q(looked_at__lt=now - LOOK_EVERY)
    return due.filter(stale | Q(doubted))


class _Round:
    """One run at a round: its row, its view of the platform, its time."""

    def __init__(self, row: Reconciliation, deadline: float):
        self.row, self.deadline = row, deadline
        self.view = self._patiently(lambda: view_of(platform_named(row.platform)))

    def go(self) -> None:
        """Raises PlatformError when the platform answers nobody, RoundLost."""
        if self._read_list() and self._look_at_ours() and self._look_at_strays():
            rounds.end(self.row)

    def _is_late(self) -> bool:
        return time.monotonic() >= self.deadline

    def _read_list(self) -> bool:
        """True at the list's end."""
        while self.row.listed_at is None:
            if self._is_late():
                return False
            asked_at, since = timezone.now(), self.row.since or timezone.now()
            ask = partial(self.view.platform.list_orders_since, since, self.row.cursor)
            page = self._patiently(ask)
            found = sort_page(self.view, page.items, asked_at)
            agreed = found.agreed
            rounds.count(self.row, looked=agreed, agreed=agreed, in_flight=found.in_flight)
            for shipment in found.shipments:
                self._look_at(shipment)
            for stray in found.strays:
                self._look(stray.remote_id, partial(look_at_stray, self.view, stray.remote_id))
            rounds.remark(self.row, *page.unreadable)
            rounds.turn_page(self.row, page.next_cursor)
        return True

    def _look_at_ours(self) -> bool:
        position = 0
        while part := due_shipments(self.row).filter(pk__gt=position).order_by("pk")[:_PART]:
            for shipment in part:
                if self._is_late():
                    return False
                position = shipment.pk
                self._look_at(shipment)
        return True

    def _look_at_strays(self) -> bool:
        assert self.row.started_at is not None  # noqa: S101 — set when the round began
        for remote_id, reference in strays_of(self.row.platform, self.row.started_at):
            if self._is_late():
                return False
            self._look(remote_id, partial(look_at_stray, self.view, remote_id, reference))
        return True

    def _look_at(self, shipment: Shipment) -> None:
        self._look(shipment.reference, partial(look_at_shipment, self.view, shipment))

    def _look(self, name: str, look: Callable[[], Look]) -> None:
        """Count one look; one that failed is said, and an outage ends the run."""
        try:
            told = self._patiently(look)
        except PlatformError as error:
            if concerns_everybody(error):
                raise
            rounds.remark(self.row, f"{name}: {error}")
            return
        compared = int(not told.is_in_flight)
        rounds.count(
            self.row,
            looked=compared,
            agreed=compared * int(told.agrees),
            in_flight=1 - compared,
            opened=told.opened,
            resolved=told.resolved,
        )

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Questions may be repeated: one bad answer of many is no reason to stop."""
        for attempt in range(_TRIES):
            try:
                return ask()
            except Retryable as error:
                is_held_back = isinstance(error, (OutOfBudget, Paused))
                if is_held_back or attempt + 1 == _TRIES or self._is_late():
                    raise
                time.sleep(min(current_policy().pause_after(attempt), _LONGEST_PAUSE))
        raise AssertionError("unreachable")


def _first_since(platform: str) -> datetime:
    """Where the very first list begins: at the oldest live shipment, within the window."""
    now = timezone.now()
    live = Shipment.objects.filter(platform=platform, created_at__gte=now - WINDOW)
    oldest = live.exclude(state__in=_OVER).order_by("created_at").first()
    return min(now - RECENT, oldest.created_at - rounds.OVERLAP if oldest else now)


def _note(row: Reconciliation, error: str) -> None:
    try:
        rounds.note_error(row, error)
    except rounds.RoundLost:
        return


def _told(platform: str, error: str) -> Reconciled:
    row, now = rounds.row_of(platform), timezone.now()
    findings = DriftFinding.objects.filter(platform=platform)
    return Reconciled(
        platform=platform,
        looked=row.looked,
        agreed=row.agreed,
        in_flight=row.in_flight,
        opened=row.opened,
        resolved=row.resolved,
        open=findings.waiting(now).count(),
        ignored=findings.ignored(now).count(),
        failed=row.failed,
        is_complete=not error and row.finished_at is not None and not row.is_under_way,
        error=error,
        last_success_at=row.succeeded_at,
    )
