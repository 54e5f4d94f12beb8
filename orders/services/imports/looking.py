"""A look at the top of an uploaded file: its columns, and what stands below them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from orders.intake.files.entry import choose_table
from orders.intake.formats import read_header
from orders.intake.tables import FileRefused, Row, Table, head, open_tables
from orders.models import ImportSession
from orders.services.imports.limits import limits

_IN_MEMORY = 5_000_000
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name as written, and some of its first values."""

    name: str
    samples: tuple[str, ...]


@contextmanager
def opened(session: ImportSession) -> Iterator[BinaryIO]:
    """The uploaded file, put together from its parts; large ones wait on disk."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for content in session.parts.values_list("content", flat=True).iterator(chunk_size=1):
            file.write(bytes(content))
        file.seek(0)
        yield file  # type: ignore[misc]  # a spooled file is a BinaryIO


def look_at(file: BinaryIO) -> list[Column]:
    """The columns of the row that looks most like a header; none when it is no table at all."""
    try:
        tables = open_tables(file, limits())
        table, number = _header_of(tables)
        rows = head(table)
    except FileRefused:
        return []
    finally:
        file.seek(0)
    cells = next((cells for row, cells in rows if row == number), [])
    below = [cells for row, cells in rows if row > number]
    names = read_header(cells).columns
    return [Column(name, _samples(below, at)) for at, name in enumerate(names) if name]


def _header_of(tables: Sequence[Table]) -> tuple[Table, int]:
    """As the reader finds it, or else the first of the widest rows. Raises FileRefused."""
    try:
        table, number, _header = choose_table(list(tables), "auto", {})
    except FileRefused:
        tops = [(table, row) for table in tables for row in head(table)]
        if not tops:
            raise
        table, (number, _cells) = max(tops, key=lambda top: _width(top[1]))
    return table, number


def _width(row: Row) -> int:
    return sum(1 for cell in row[1] if cell.strip())


def _samples(below: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    values = (cells[at].strip() for cells in below if at < len(cells))
    return tuple(value[:40] for value in dict.fromkeys(filter(None, values)))[:_SAMPLES]
