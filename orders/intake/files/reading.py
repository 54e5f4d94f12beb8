"""A file being read: what is known before the rows, then one order after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orders.intake.files.context import Context
from orders.intake.files.grouping import Grouping
from orders.intake.files.layout import Numbered
from orders.intake.files.noting import Notes
from orders.intake.files.orders import ReadOrder, orders_of
from orders.intake.parsed import Remark, Severity
from orders.intake.tables import FileRefused, Table

__all__ = ["ReadOrder", "Reading"]

_MOST_REMARKS = 1_000


@dataclass
class Reading:
    """The answer to a file. Iterating it reads the rows again from the file and hands out orders.

    `remarks` speak of the file and of rows outside orders; they grow, within a bound, while it is
    iterated. `row_count` is the number of rows below the header that hold anything.
    """

    format: str = ""
    columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    header_row: int = 0
    row_count: int = 0
    remarks: list[Remark] = field(default_factory=list)
    is_refused: bool = False
    _of_file: list[Remark] = field(default_factory=list)
    _table: Table | None = None
    _context: Context | None = None

    def __iter__(self) -> Iterator[ReadOrder]:
        if self.is_refused or self._table is None or self._context is None:
            return
        notes = Notes(_MOST_REMARKS)
        try:
            grouping = Grouping(self._context.layout, self._context.survey, notes)
            for group in grouping.groups(self._rows_below_header()):
                for read in orders_of(group, self._context):
                    self._note_unclosed(read)
                    yield read
        except FileRefused as refusal:
            notes.error(None, refusal.field, refusal.code, refusal.message)
        self.remarks = self._of_file + _with_count(notes)

    def _rows_below_header(self) -> Iterator[Numbered]:
        assert self._table is not None  # noqa: S101  # asked by __iter__ alone, after its check
        return (row for row in self._table.rows() if row[0] > self.header_row)

    def _note_unclosed(self, read: ReadOrder) -> None:
        if self._table is None or not self._table.unclosed:
            return
        for number in read.rows:
            if number in self._table.unclosed:
                text = "A quotation mark in this row is never closed; it is read as text. Check it."
                read.remarks.append(Remark(number, "row", Severity.WARNING, "quote_unclosed", text))


def _with_count(notes: Notes) -> list[Remark]:
    if not notes.omitted:
        return notes.remarks
    text = f"{notes.omitted:,} more rows gave remarks like these. Look at the file itself."
    return [*notes.remarks, Remark(None, "file", Severity.WARNING, "more_remarks", text)]
