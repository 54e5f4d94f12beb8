"""The uploaded file is read into rows that staff can look at."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from orders.intake.files import Reading, ReadOrder, read_file
from orders.intake.neutral import content_hash, order_as_json, remark_as_json
from orders.intake.parsed import Received, Remark, Severity
from orders.models import ColumnMapping, ImportMode, ImportRow, ImportSession, ImportState, RowState
from orders.services.imports.leases import Lease
from orders.services.imports.limits import limits
from orders.services.imports.looking import look_at, opened
from orders.services.imports.sessions import header_hash
from orders.services.intake.catalogue import known_skus
from orders.services.intake.record import Outcome, preview_orders
from orders.services.places import TablePlaces

CHUNK = 200
BY_CHECKS = "by_checks"
"""Marks a stored remark that the checks will make again, unlike one of the reader."""
_NAME, _PROBLEM = 200, 1000


def read_session(lease: Lease) -> bool:
    """Stage the orders of the file; False when the slice of time was over before the end."""
    session = ImportSession.objects.get(pk=lease.session_id)
    with opened(session) as file:
        return _stage(session, lease, _reading(session, file))


def _reading(session: ImportSession, file: BinaryIO) -> Reading:
    """With the mapping that somebody gave, or saved for a file with this header."""
    columns = [column.name for column in look_at(file)]
    if not session.mapping and session.wanted_format == "auto":
        session.mapping = _saved_mapping(columns)
    reading = _read(session, file, session.mapping)
    # A refused file has columns too, and a person may say what they hold.
    reading.columns = reading.columns or columns
    return reading


def _read(session: ImportSession, file: BinaryIO, mapping: dict[str, str]) -> Reading:
    return read_file(
        file,
        name=session.file_name,
        places=TablePlaces(),
        known_skus=known_skus(),
        format=session.wanted_format,
        mapping=mapping or None,
        limits=limits(),
    )


def _saved_mapping(columns: list[str]) -> dict[str, str]:
    """The mapping that somebody saved for a file with this header."""
    if not columns:
        return {}
    saved = ColumnMapping.objects.filter(header_hash=header_hash(columns)).first()
    return dict(saved.columns) if saved else {}


def _stage(session: ImportSession, lease: Lease, reading: Reading) -> bool:
    staged = session.rows.count()
    orders = islice(iter(reading), staged, None)
    while chunk := list(islice(orders, CHUNK)):
        with transaction.atomic():
            ImportRow.objects.bulk_create(_rows(session, chunk, staged))
            staged += len(chunk)
            lease.keep(orders_done=staged)
        if lease.is_slice_over:
            return False
    _finish(session, lease, reading, staged)
    return True


def _rows(session: ImportSession, chunk: list[ReadOrder], start: int) -> Iterator[ImportRow]:
    received = [Received(read.order, tuple(read.remarks)) for read in chunk]
    outcomes = preview_orders(received, source=session.source, mode=ImportMode(session.mode))
    triples = zip(chunk, received, outcomes, strict=True)
    for position, (read, one, outcome) in enumerate(triples, start=start + 1):
        yield ImportRow(
            session=session,
            position=position,
            file_rows=list(read.order.rows),
            cells={str(number): cells for number, cells in read.rows.items()},
            **columns_of(one, outcome),
        )


def columns_of(received: Received, outcome: Outcome) -> dict[str, Any]:
    """What a staged row shows of what was understood, and of what would become of it."""
    said = [remark_as_json(remark) for remark in received.remarks]
    found = [remark_as_json(remark) | {BY_CHECKS: True} for remark in _found(received, outcome)]
    return {
        "number": received.order.number[:_NAME],
        "state": state_of(outcome),
        "parsed": order_as_json(received.order),
        "remarks": said + found,
        "row_hash": content_hash(received.order),
        "problem": outcome.problem[:_PROBLEM],
    }


def state_of(outcome: Outcome) -> RowState:
    if outcome.state == "failed":
        return RowState.ERROR
    is_doubtful = any(found.severity != Severity.INFO for found in outcome.found)
    return RowState.WARNING if is_doubtful else RowState.READY


def _found(received: Received, outcome: Outcome) -> Iterator[Remark]:
    """What the checks found, beside what the reader said."""
    said = {remark.message for remark in received.remarks}
    row = received.order.rows[0] if received.order.rows else None
    for found in outcome.found:
        if found.message not in said:
            yield Remark(row, found.field, Severity(found.severity), found.code, found.message)


def _finish(session: ImportSession, lease: Lease, reading: Reading, staged: int) -> None:
    errors = [remark for remark in reading.remarks if remark.severity is Severity.ERROR]
    is_refused = reading.is_refused or not staged
    lease.give_back(
        state=ImportState.REFUSED if is_refused else ImportState.PREVIEW,
        problem=" ".join(remark.message for remark in errors)[:_PROBLEM] or _nothing(is_refused),
        format=reading.format,
        columns=list(reading.columns),
        unknown_columns=list(reading.unknown_columns),
        mapping=dict(reading.mapping),
        remarks=[remark_as_json(remark) for remark in reading.remarks],
        orders_total=staged,
        orders_done=staged,
    )


def _nothing(is_refused: bool) -> str:
    return "No order was found in this file. Check that it is the right one." if is_refused else ""
