"""How far a round has come: taken by one run at a time, moved on after each recorded part."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from integrations.models import SyncCursor

SUBJECT = "tracking"
LEASE = timedelta(minutes=2)
"""Renewed with each part; after it a run that died is replaced."""


class CursorLost(Exception):
    """The lease ran out and somebody else goes on."""


def take_cursor(platform: str) -> SyncCursor | None:
    """The platform's cursor for us alone; None while another run holds it."""
    now, token = timezone.now(), uuid.uuid4().hex
    cursor, _created = SyncCursor.objects.get_or_create(platform=platform, subject=SUBJECT)
    free = SyncCursor.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), pk=cursor.pk
    )
    if not free.update(lease_token=token, lease_until=now + LEASE):
        return None
    cursor.refresh_from_db()
    return cursor


def begin_round(cursor: SyncCursor, *, anew: bool) -> None:
    """Ask for everything from the first row on; one under way goes on, unless `anew`."""
    if _is_under_way(cursor) and not anew:
        return
    _write(cursor, round_started_at=timezone.now(), position=0, asked=0)


def move_on(cursor: SyncCursor, position: int, asked: int) -> None:
    """What comes up to `position` is recorded. Raises CursorLost."""
    until = timezone.now() + LEASE
    _write(cursor, position=position, asked=F("asked") + asked, lease_until=until)


def end_round(cursor: SyncCursor) -> None:
    """All were asked about; the next round starts at the first row again. Raises CursorLost."""
    _write(cursor, position=0, round_finished_at=timezone.now())


def note_error(cursor: SyncCursor, words: str) -> None:
    """Keep what went wrong. Raises CursorLost."""
    _write(cursor, last_error=words[:300], last_error_at=timezone.now())


def give_back(cursor: SyncCursor) -> None:
    """Let the next run go on; nothing happens when it has begun already."""
    ours = SyncCursor.objects.filter(pk=cursor.pk, lease_token=cursor.lease_token)
    ours.update(lease_token="", lease_until=None)


def is_round_over(platform: str) -> bool:
    cursor = SyncCursor.objects.filter(platform=platform, subject=SUBJECT).first()
    return cursor is None or not _is_under_way(cursor)


def _is_under_way(cursor: SyncCursor) -> bool:
    started, finished = cursor.round_started_at, cursor.round_finished_at
    return started is not None and (finished is None or finished < started)


def _write(cursor: SyncCursor, **changes: Any) -> None:
    ours = SyncCursor.objects.filter(pk=cursor.pk, lease_token=cursor.lease_token)
    if not ours.update(**changes):
        raise CursorLost
    cursor.refresh_from_db()
