"""Reading a platform's lists page by page: paced, resumed where it broke off, never in doubt."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.correlation import correlated
from integrations.dispatching.connections import platform_named
from integrations.models import RemoteId, SyncKind, SyncProgress, Unmatched
from integrations.platforms.base import Platform
from integrations.platforms.errors import PlatformError
from integrations.platforms.remote import Page
from integrations.services import replay_mapped
from integrations.sync.mappings import finish_pass, keep_page, map_by_code, map_categories
from integrations.sync.matching import Found, match_products, match_services, match_warehouses
from integrations.sync.stock import forget_old_stock, keep_stock

_RESUME_WITHIN = timedelta(hours=3)
"""Pages shift while nobody reads them; an older pass begins anew."""
_FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Synced:
    """How one list fared: entries read in this pass, mappings and things to map there are now.

    `is_done` is False when time ran out or something failed, and then `error` says what.
    """

    kind: str
    read: int
    mapped: int
    to_map: int
    is_done: bool
    error: str = ""
    is_refused: bool = False
    """The error is about this list alone: asking again will not help, other lists may work."""


@correlated()
def sync_platform(platform: str, seconds: float = _FOREVER) -> list[Synced]:
    """Read every list of a platform into our mappings, beginning no page after `seconds`.

    A failure is in the answer; the next call goes on at the page that failed. Call it outside of
    a transaction: it talks to the platform.
    """
    deadline = time.monotonic() + seconds
    map_categories(platform)
    told = []
    for kind in SyncKind:
        told.append(_sync_list(platform, kind, deadline))
        if not told[-1].is_done and not told[-1].is_refused:
            break
    return told


def _sync_list(platform: str, kind: SyncKind, deadline: float) -> Synced:
    progress = _begin(platform, kind)
    error, is_done, is_refused = "", False, False
    try:
        while not is_done and not error and time.monotonic() < deadline:
            page = _fetch(platform_named(platform), kind, progress.cursor)
            if not _keep(progress, page):
                error = "Another sync is reading this list. Wait for it."
            is_done = not error and page.next_cursor is None
    except (PlatformError, ValueError) as failure:
        error = str(failure)
        is_refused = isinstance(failure, PlatformError) and not failure.is_retryable
        _give_up(progress, error, restart=is_refused)
    told = _told(progress, is_done=is_done, error=error)
    return replace(told, is_refused=is_refused)


def _begin(platform: str, kind: SyncKind) -> SyncProgress:
    """Go on with a young pass that broke off, else begin one."""
    progress, _new = SyncProgress.objects.get_or_create(platform=platform, kind=kind)
    now = timezone.now()
    if progress.cursor and progress.page_at and progress.page_at > now - _RESUME_WITHIN:
        return progress
    progress.cursor, progress.read, progress.started_at = "", 0, now
    progress.error, progress.remarks = "", ""
    progress.save()
    return progress


def _fetch(adapter: Platform, kind: SyncKind, cursor: str) -> Page[Any]:
    match kind:
        case SyncKind.WAREHOUSE:
            return adapter.list_warehouses(cursor)
        case SyncKind.SERVICE:
            return adapter.list_services(cursor)
        case SyncKind.PRODUCT:
            return adapter.list_products(cursor)
        case SyncKind.STOCK:
            return adapter.list_stock(cursor)


def _keep(progress: SyncProgress, page: Page[Any]) -> bool:
    """Store a page together with how far we are; False when somebody else was faster."""
    with transaction.atomic():
        if not _advance(progress, page):
            return False
        _store(progress, page)
    # Outside of the page's transaction: each dispatch that goes on takes its order's turn.
    replay_mapped(progress.kind, progress.platform)
    return True


def _advance(progress: SyncProgress, page: Page[Any]) -> bool:
    """Moves the cursor where it is still the one we read with: a fence against a second run."""
    now = timezone.now()
    rows = SyncProgress.objects.filter(
        pk=progress.pk, cursor=progress.cursor, started_at=progress.started_at
    )
    progress.cursor = page.next_cursor or ""
    progress.read += len(page.items)
    progress.remarks = "\n".join(filter(None, [progress.remarks, *page.unreadable]))[:10_000]
    done = {} if page.next_cursor else {"finished_at": now}
    return bool(
        rows.update(
            cursor=progress.cursor,
            read=progress.read,
            remarks=progress.remarks,
            error="",
            page_at=now,
            **done,
        )
    )


def _store(progress: SyncProgress, page: Page[Any]) -> None:
    """What the page says, and after the last one what the whole list says."""
    platform, kind, started_at = progress.platform, progress.kind, progress.started_at
    assert started_at is not None  # noqa: S101 — set when the pass began
    is_last = page.next_cursor is None
    if kind == SyncKind.STOCK:
        keep_stock(platform, page.items)
        if is_last:
            forget_old_stock(platform, started_at)
        return
    keep_page(platform, kind, _match(platform, kind, page.items))
    if is_last:
        finish_pass(platform, kind, started_at)
    if is_last and kind == SyncKind.SERVICE:
        map_by_code(platform)


def _match(platform: str, kind: str, items: Sequence[Any]) -> list[Found]:
    match kind:
        case SyncKind.WAREHOUSE:
            return match_warehouses(items)
        case SyncKind.SERVICE:
            return match_services(platform, items)
        case _:
            return match_products(items)


def _give_up(progress: SyncProgress, error: str, *, restart: bool) -> None:
    """Keep the page to go on with, unless the platform refuses that very page."""
    rows = SyncProgress.objects.filter(pk=progress.pk, started_at=progress.started_at)
    rows.update(error=error[:1000], **({"cursor": ""} if restart else {}))


def _told(progress: SyncProgress, *, is_done: bool, error: str) -> Synced:
    mine = {"platform": progress.platform, "kind": progress.kind}
    return Synced(
        kind=progress.kind,
        read=progress.read,
        mapped=RemoteId.objects.filter(**mine).count(),
        to_map=Unmatched.objects.filter(**mine, is_ignored=False).count(),
        is_done=is_done,
        error=error,
    )
