"""An import session begins, is read anew with another mapping, applied, undone or discarded."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actor import current_actor
from core.tasks import enqueue
from orders.errors import ImportRefused
from orders.models import (
    ColumnMapping,
    ImportMode,
    ImportPart,
    ImportSession,
    ImportState,
    RowState,
)
from orders.services.imports.limits import limits

PART_BYTES = 1_000_000
APPLICABLE = (RowState.READY, RowState.WARNING)


@transaction.atomic
def open_session(
    name: str,
    pieces: Iterable[bytes],
    *,
    source: str,
    mode: ImportMode = ImportMode.CREATE,
    wanted_format: str = "auto",
    mapping: Mapping[str, str] | None = None,
) -> ImportSession:
    """Keep the file and have it read in the background. Raises ImportRefused if it is too large."""
    session = ImportSession.objects.create(
        file_name=name.replace("\x00", "")[-255:] or "unnamed",
        source=_source(source),
        mode=mode,
        wanted_format=wanted_format,
        mapping=dict(mapping or {}),
        created_by_id=current_actor.get().user_id,
    )
    session.file_bytes, session.file_hash = _keep(session, pieces)
    session.save(update_fields=["file_bytes", "file_hash"])
    _start(session, ImportState.READING)
    return session


def _source(source: str) -> str:
    cleaned = source.strip().replace("\x00", "")
    if not cleaned or len(cleaned) > 50:
        raise ImportRefused("Name the source in 1 to 50 characters, as in shopify.")
    return cleaned


def _keep(session: ImportSession, pieces: Iterable[bytes]) -> tuple[int, str]:
    digest, size, most = hashlib.sha256(), 0, limits().bytes
    for position, part in enumerate(_parts(pieces)):
        size += len(part)
        if size > most:
            raise ImportRefused(
                f"The file is larger than {most // 1_000_000:,} MB. Split it and import the parts."
            )
        digest.update(part)
        ImportPart.objects.create(session=session, position=position, content=part)
    return size, digest.hexdigest()


def _parts(pieces: Iterable[bytes]) -> Iterable[bytes]:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        while len(kept) >= PART_BYTES:
            yield bytes(kept[:PART_BYTES])
            del kept[:PART_BYTES]
    if kept:
        yield bytes(kept)


def _start(session: ImportSession, state: ImportState) -> None:
    from orders.services.imports.jobs import job_of

    session.state = state
    enqueue(job_of(state), session.pk, queue="bulk")


@transaction.atomic
def read_with_mapping(
    session: ImportSession, mapping: Mapping[str, str], *, save_as: str = ""
) -> None:
    """Read the file again by these columns (our field → column), and remember them by a name."""
    if save_as:
        remember_mapping(save_as, session.columns, mapping)
    _move(
        session,
        {ImportState.PREVIEW, ImportState.REFUSED},
        ImportState.READING,
        mapping=dict(mapping),
        problem="",
        remarks=[],
        orders_total=0,
        orders_done=0,
    )
    session.rows.all().delete()


def remember_mapping(name: str, columns: Iterable[str], mapping: Mapping[str, str]) -> None:
    ColumnMapping.objects.update_or_create(
        name=name.strip()[:100],
        defaults={
            "header_hash": header_hash(columns),
            "columns": dict(mapping),
            "created_by_id": current_actor.get().user_id,
        },
    )


def header_hash(columns: Iterable[str]) -> str:
    """SHA-256 of a header without regard to case and order."""
    words = sorted(filter(None, (column.strip().casefold() for column in columns)))
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def apply_session(session: ImportSession) -> None:
    """Write the rows that are ready, in the background. Raises ImportRefused."""
    ready = session.rows.filter(state__in=APPLICABLE).count()
    if not ready:
        raise ImportRefused("No row is ready. Fix the rows with errors first.")
    changes: dict[str, Any] = {"orders_total": ready, "orders_done": 0}
    allowed = {ImportState.PREVIEW, ImportState.DONE}
    _move(session, allowed, ImportState.APPLYING, applied_at=timezone.now(), **changes)


@transaction.atomic
def undo_session(session: ImportSession) -> None:
    """Take back everything that can be, in the background. Raises ImportRefused."""
    applied = session.rows.filter(state__in=[RowState.CREATED, RowState.UPDATED]).count()
    if not applied:
        raise ImportRefused("This import wrote nothing that could be undone.")
    changes: dict[str, Any] = {"orders_total": applied, "orders_done": 0}
    _move(session, {ImportState.DONE}, ImportState.UNDOING, **changes)


@transaction.atomic
def discard_session(session: ImportSession) -> None:
    """Forget the file and its rows; nothing of it was written. Raises ImportRefused."""
    _move(session, {ImportState.PREVIEW, ImportState.REFUSED}, ImportState.DISCARDED)
    session.rows.all().delete()
    session.parts.all().delete()


def _move(
    session: ImportSession, allowed: set[ImportState], state: ImportState, **changes: Any
) -> None:
    """One allowed step by conditional UPDATE; a second click finds the step already taken."""
    free = ImportSession.objects.filter(pk=session.pk, state__in=allowed)
    if not free.update(state=state, job_token="", job_until=None, **changes):
        session.refresh_from_db()
        raise ImportRefused(
            f"The import of {session.file_name} is “{session.get_state_display()}”. "
            "Reload the page to see how far it is."
        )
    session.refresh_from_db()
    if state in (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING):
        _start(session, state)
