"""Tables as a browser or a spreadsheet puts them on the clipboard: HTML."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Row, refuse_columns, refuse_rows

_MOST_SPANNED = 1_000
_UNCLOSED = re.compile(r"<(?=[^<>]*(?:<|$))")
_MOST_UNCLOSED = 1_000
"""Tags never closed; the parser looks for the end of each through all of the rest."""
_MOST_CELLS = 3_000_000


class HtmlTable:
    """One table of a page; the number of a row is its place in the table."""

    delimiter = ""

    def __init__(self, rows: list[list[str]], limits: Limits, label: str = "table") -> None:
        self._rows, self._limits, self.label = rows, limits, label
        self.unclosed: set[int] = set()

    def unquoted(self) -> "HtmlTable":
        return self

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self._rows, 1):
            refuse_rows(number, self._limits)
            refuse_columns(len(cells), number, self._limits)
            yield number, list(cells)


def html_tables(text: str, limits: Limits) -> list[HtmlTable]:
    """Every table of the page, the outer ones of nested tables first."""
    if sum(1 for _ in _UNCLOSED.finditer(text)) > _MOST_UNCLOSED:
        raise FileRefused(
            "The web page is damaged and cannot be read. Save its table as CSV and upload that.",
            code="damaged_page",
        )
    page = _Page(limits)
    page.feed(text)
    page.close()
    return [HtmlTable(rows, limits) for rows in page.tables if rows]


class _Page(HTMLParser):
    """Collects cells; rowspan repeats a value downwards, colspan leaves blanks beside it."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self._limits = limits
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._skipped = 0
        self._spans: dict[int, tuple[int, str]] = {}
        self._below: dict[int, tuple[int, str]] = {}
        self._shape = (1, 1)
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self._spans, self._below = {}, {}
            self.tables.append(self._open[-1])
        elif tag == "tr":
            self._start_row()
        elif tag in {"td", "th"}:
            self._start_cell(dict(attrs))
        elif tag in {"br", "p", "div", "li"} and self._cell is not None:
            self._cell.append("\n")
        elif tag in {"style", "script"}:
            self._skipped += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            if self._open:
                self._open.pop()
        elif tag in {"style", "script"}:
            self._skipped = max(0, self._skipped - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skipped:
            self._cell.append(" ".join(data.split("\n")))

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _start_row(self) -> None:
        self._end_cell()
        if self._open:
            self._open[-1].append([])
            self._spans, self._below = self._below, {}
            self._fill_spanned()

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if not self._open:
            return
        if not self._open[-1]:
            self._open[-1].append([])
        self._cell = []
        self._shape = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            return
        row, text = self._open[-1][-1], "".join(self._cell).strip()
        down, across = self._shape
        if down > 1:
            self._below[len(row)] = (down - 1, text)
        row.append(text)
        row.extend([""] * min(across - 1, self._limits.columns))
        self._cell = None
        self._count(across)
        self._fill_spanned()

    def _fill_spanned(self) -> None:
        row = self._open[-1][-1]
        while (span := self._spans.pop(len(row), None)) and len(row) < self._limits.columns:
            left, text = span
            if left > 1:
                self._below[len(row)] = (left - 1, text)
            row.append(text)
            self._count(1)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > _MOST_CELLS:
            raise FileRefused(
                "The web page's table is too large. Save it as CSV and upload that.",
                code="page_too_large",
            )


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPANNED) if text and text.isdecimal() and text.isascii() else 1
