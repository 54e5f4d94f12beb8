"""How far a round has come: held by one run at a time, moved on after each recorded part."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from integrations.models import Reconciliation

LEASE = timedelta(minutes=3)
"""Renewed with each part; after it a run that died is replaced."""
OVERLAP = timedelta(hours=1)
"""Lists begin so much before the last one ended: clocks differ, and pages skip what moves."""
_RESUME_WITHIN = timedelta(hours=3)
"""Pages shift while nobody reads them; an older round begins anew."""
_OLDEST_UNREAD = timedelta(days=3)
"""An entry that stays unreadable does not keep the window open for ever."""
_LONGEST_REMARKS = 10_000


class RoundLost(Exception):
    """The lease ran out and somebody else goes on."""


def row_of(platform: str) -> Reconciliation:
    row, _created = Reconciliation.objects.get_or_create(platform=platform)
    return row


def take(platform: str) -> Reconciliation | None:
    """The platform's row for us alone; None while another run holds it."""
    now, token, row = timezone.now(), uuid.uuid4().hex, row_of(platform)
    free = Reconciliation.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), pk=row.pk
    )
    if not free.update(lease_token=token, lease_until=now + LEASE):
        return None
    row.refresh_from_db()
    return row


def begin(row: Reconciliation, first_since: datetime, *, thorough: bool, anew: bool) -> None:
    """Begin a round, or go on with a young one unless `anew`. Raises RoundLost."""
    now = timezone.now()
    is_young = row.started_at is not None and row.started_at > now - _RESUME_WITHIN
    if row.is_under_way and is_young and not anew:
        return
    since = row.listed_until - OVERLAP if row.listed_until else first_since
    # A thorough round that somebody asked for is not forgotten because it was cut short.
    thorough = thorough or (row.is_under_way and row.is_thorough)
    counters = dict.fromkeys(("looked", "agreed", "in_flight", "opened", "resolved", "failed"), 0)
    write(
        row,
        started_at=now,
        since=since,
        is_thorough=thorough,
        cursor="",
        listed_at=None,
        error="",
        remarks="",
        **counters,
    )


def count(row: Reconciliation, **more: int) -> None:
    """Add to the counters and stay in charge. Raises RoundLost."""
    write(row, **{name: F(name) + number for name, number in more.items()})


def remark(row: Reconciliation, *words: str) -> None:
    """Something could not be looked at: counted and said, and nothing cleared. Raises RoundLost."""
    told = "\n".join(filter(None, [row.remarks, *words]))[:_LONGEST_REMARKS]
    write(row, remarks=told, failed=F("failed") + len(words))


def turn_page(row: Reconciliation, next_cursor: str | None) -> None:
    """The page is recorded; at the list's end the next list begins where this one began.

    Unreadable entries hold the window open, but not for ever. Raises RoundLost.
    """
    if next_cursor is not None:
        write(row, cursor=next_cursor)
        return
    began, since = row.started_at, row.since
    assert began is not None  # noqa: S101 — set when the round began
    until = began
    if row.remarks and since is not None:
        until = max(since + OVERLAP, began - _OLDEST_UNREAD)
    write(row, cursor="", listed_at=timezone.now(), listed_until=until)


def end(row: Reconciliation) -> None:
    """All was looked at. Raises RoundLost."""
    now = timezone.now()
    success = {} if row.failed else {"succeeded_at": now}
    write(row, finished_at=now, is_thorough=False, error="", **success)


def note_error(row: Reconciliation, words: str) -> None:
    """Keep why the round broke off; it goes on from there. Raises RoundLost."""
    write(row, error=words[:1000], error_at=timezone.now())


def give_back(row: Reconciliation) -> None:
    """Let the next run go on; nothing happens when it has begun already."""
    ours = Reconciliation.objects.filter(pk=row.pk, lease_token=row.lease_token)
    ours.update(lease_token="", lease_until=None)


def write(row: Reconciliation, **changes: Any) -> None:
    ours = Reconciliation.objects.filter(pk=row.pk, lease_token=row.lease_token)
    if not ours.update(lease_until=timezone.now() + LEASE, **changes):
        raise RoundLost
    row.refresh_from_db()
