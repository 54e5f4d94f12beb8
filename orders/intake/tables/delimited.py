"""CSV and its relatives: text whose cells are parted by a sign."""

import csv
import io
from collections import deque
from collections.abc import Iterator

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Row, refuse_columns, refuse_rows
from orders.intake.tables.sources import Source

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LONGEST_LINE = 4_000_000
_MOST_LINES = 1_000
"""Lines of one cell after which its quotation mark counts as never closed."""
_MOST_UNCLOSED = 10_000

csv.field_size_limit(_LONGEST_LINE)


class _EndlessCell(Exception):
    """A quoted cell runs on and on."""


class DelimitedTable:
    """Rows of delimited text; a quoted cell with line breaks is one row.

    A quotation mark that is never closed would swallow the lines after it: it is then read as
    text, and the row's number is kept in `unclosed`.
    """

    def __init__(
        self, source: Source, encoding: str, delimiter: str, limits: Limits, *, quoted: bool = True
    ) -> None:
        self._source, self._encoding, self._limits = source, encoding, limits
        self._is_quoted = quoted
        self.delimiter = delimiter
        self.label = NAMES[delimiter]
        self.unclosed: set[int] = set()

    def unquoted(self) -> "DelimitedTable":
        return DelimitedTable(
            self._source, self._encoding, self.delimiter, self._limits, quoted=False
        )

    def rows(self) -> Iterator[Row]:
        with self._source.opened() as file:
            text = io.TextIOWrapper(file, self._encoding, errors="replace", newline="")
            try:
                yield from self._numbered(_Lines(text))
            finally:
                text.detach()

    def _numbered(self, lines: "_Lines") -> Iterator[Row]:
        number, width = 0, 2
        rows = self._reader(lines)
        while True:
            try:
                cells = next(rows, None)
            except (csv.Error, _EndlessCell):
                cells, rows = self._without_quote(lines, number + 1), self._reader(lines)
            if cells is None:
                return
            if len(lines.taken) > 1 and _has_swallowed(cells, self.delimiter, width):
                cells, rows = self._without_quote(lines, number + 1), self._reader(lines)
            number += 1
            lines.taken.clear()
            width = max(width, len(cells))
            yield number, self._within_limits(cells, number)

    def _reader(self, lines: "_Lines") -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self._is_quoted else csv.QUOTE_NONE,
        )

    def _without_quote(self, lines: "_Lines", number: int) -> list[str]:
        first = lines.give_back_all_but_first()
        if len(self.unclosed) < _MOST_UNCLOSED:
            self.unclosed.add(number)
        plain = csv.reader([first], delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return next(plain, [])

    def _within_limits(self, cells: list[str], number: int) -> list[str]:
        if len(cells) > self._limits.columns:
            while cells and not cells[-1].strip():
                cells.pop()
            refuse_columns(len(cells), number, self._limits)
        refuse_rows(number, self._limits)
        return cells


def _has_swallowed(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds as many delimiters as a whole row."""
    enough = max(2, width - 1)
    return any("\n" in cell or "\r" in cell for cell in cells if cell.count(delimiter) >= enough)


class _Lines:
    """The lines of a text, remembering those of the current row so that they can be given back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if len(line) >= _LONGEST_LINE:
            raise FileRefused(
                f"A row is longer than {_LONGEST_LINE:,} characters. Export the file again.",
                code="row_too_long",
            )
        if len(self.taken) > _MOST_LINES:
            raise _EndlessCell
        return line

    def give_back_all_but_first(self) -> str:
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        self.taken.clear()
        return first
