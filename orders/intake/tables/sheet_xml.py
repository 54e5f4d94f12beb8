"""The two large parts of a workbook, parsed without building trees: rows of a sheet, shared texts.

A document type, and so every entity, is refused as defusedxml does; expat itself is used because
these parts have millions of elements.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Row, refuse_columns, refuse_rows
from orders.intake.tables.workbook_cells import Styles, cell_text, column_number

_CHUNK = 1 << 16
_MOST_STRINGS = 3_000_000
_MOST_ELEMENTS = 200_000
"""Elements of one row or text; a row of all 16,384 columns has fewer."""


def sheet_rows(
    part: IO[bytes], strings: list[str], styles: Styles, limits: Limits
) -> Iterator[Row]:
    """Every row written in the sheet; raises FileRefused over a limit, ExpatError for bad XML."""
    parser = _SheetParser(strings, styles, limits)
    while chunk := part.read(_CHUNK):
        parser.expat.Parse(chunk, False)
        yield from parser.taken()
    parser.expat.Parse(b"", True)
    yield from parser.taken()


def shared_strings(part: IO[bytes]) -> list[str]:
    """The texts that cells refer to by number."""
    parser = _StringParser()
    while chunk := part.read(_CHUNK):
        parser.expat.Parse(chunk, False)
    parser.expat.Parse(b"", True)
    return parser.strings


class _Parser(ABC):
    """Calls `start` and `end` with local names; `text` collects while `is_reading`."""

    def __init__(self) -> None:
        self.expat = expat.ParserCreate(namespace_separator="}")
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = _refuse_document_type
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._data
        self._local: dict[str, str] = {}
        self.text: list[str] = []
        self.is_reading = False
        self.held = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.held += 1
        if self.held > _MOST_ELEMENTS:
            raise FileRefused(
                "A row of this spreadsheet has too many cells. Save it as CSV and upload that.",
                code="too_many_columns",
            )
        self.start(self._name(name), attributes)

    def _end(self, name: str) -> None:
        self.end(self._name(name))

    def _data(self, data: str) -> None:
        if self.is_reading:
            self.text.append(data)

    def _name(self, name: str) -> str:
        local = self._local.get(name)
        if local is None:
            local = name.rpartition("}")[2]
            if len(self._local) < 1_000:
                self._local[name] = local
        return local

    @abstractmethod
    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    @abstractmethod
    def end(self, name: str) -> None:
        """An element ends."""


class _SheetParser(_Parser):
    def __init__(self, strings: list[str], styles: Styles, limits: Limits) -> None:
        super().__init__()
        self._strings, self._styles, self._limits = strings, styles, limits
        self._rows: list[Row] = []
        self._number = 0
        self._cells: list[str] = []
        self._cell: dict[str, str] = {}
        self._next = 0

    def taken(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell = attributes
            self.text.clear()
        elif name in {"v", "t"}:
            self.is_reading = True
        elif name == "row":
            self._number = max(self._number + 1, _number(attributes.get("r", "")))
            refuse_rows(self._number, self._limits)
            self._cells, self._next = [], 0

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.is_reading = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._rows.append((self._number, self._cells))
            self.held = 0

    def _end_cell(self) -> None:
        column = column_number(self._cell.get("r", ""), self._next)
        self._next = column + 1
        value = "".join(self.text) if self.text else ""
        shown = cell_text(self._cell, value, self._strings, self._styles) if value else ""
        if not shown:
            return
        refuse_columns(column + 1, self._number, self._limits)
        self._cells.extend([""] * (column + 1 - len(self._cells)))
        self._cells[column] = shown


class _StringParser(_Parser):
    """Joins the runs of a text, without the reading aids of East Asian text."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self._is_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.is_reading = not self._is_aid
        elif name == "si":
            self.text.clear()
        elif name == "rPh":
            self._is_aid = True

    def end(self, name: str) -> None:
        if name == "t":
            self.is_reading = False
        elif name == "rPh":
            self._is_aid = False
        elif name == "si":
            self.strings.append("".join(self.text))
            self.held = 0
            if len(self.strings) > _MOST_STRINGS:
                raise FileRefused(
                    "This spreadsheet holds too many texts. Save its rows as CSV and upload that.",
                    code="too_many_strings",
                )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _refuse_document_type(*_: object) -> None:
    raise FileRefused(
        "This spreadsheet holds definitions that no spreadsheet program writes, so it was not"
        " opened. Save its rows as CSV and upload that.",
        code="hostile_xml",
    )
