"""Spreadsheets (XLSX), read row by row: the sheet is never held in memory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Row
from orders.intake.tables.sheet_xml import shared_strings, sheet_rows
from orders.intake.tables.sources import Source
from orders.intake.tables.workbook_cells import Styles, column_number

_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_MOST_PARTS = 10_000
_MOST_MERGED_ROWS = 1_000
_MOST_MERGES = 100_000
_MOST_HELD_ELEMENTS = 200_000
_LARGE_PART = 20 * 1024 * 1024
_MOST_PACKED = 100
"""Bytes that one packed byte of a large part may become; sheets stay under forty."""


@dataclass(slots=True)
class _Sheet:
    label: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class _Workbook:
    sheets: list[_Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)


class WorkbookTable:
    """One sheet; rows are numbered as the sheet shows them, hidden ones and columns included."""

    delimiter = ""

    def __init__(self, source: Source, book: _Workbook, sheet: _Sheet, limits: Limits) -> None:
        self._source, self._book, self._limits = source, book, limits
        self._part, self.label, self.is_hidden = sheet.part, sheet.label, sheet.is_hidden
        self._merges: dict[tuple[int, int], int] | None = None
        self.unclosed: set[int] = set()

    def unquoted(self) -> "WorkbookTable":
        return self

    def rows(self) -> Iterator[Row]:
        with self._source.opened() as file, _refusing(), zipfile.ZipFile(file) as archive:
            if self._merges is None:
                with archive.open(self._part) as part:
                    self._merges = _merged_downwards(part)
            with archive.open(self._part) as part:
                yield from self._unmerged(part)

    def _unmerged(self, part: IO[bytes]) -> Iterator[Row]:
        """Cells merged downwards show their value in every row, as a person sees it."""
        starts, filled = self._merges or {}, dict[int, tuple[int, str]]()
        for number, cells in sheet_rows(part, self._book.strings, self._book.styles, self._limits):
            for column, (last, text) in list(filled.items()):
                if number > last:
                    del filled[column]
                elif column < len(cells) and not cells[column]:
                    cells[column] = text
                elif column >= len(cells):
                    cells.extend([""] * (column - len(cells)) + [text])
            if starts:
                for column, text in enumerate(cells):
                    if last := starts.get((number, column), 0):
                        filled[column] = (last, text)
            yield number, cells


def workbook_tables(source: Source, limits: Limits) -> list[WorkbookTable]:
    """The sheets, the visible ones first; raises FileRefused for anything but a sound workbook."""
    with source.opened() as file, _refusing(), zipfile.ZipFile(file) as archive:
        _refuse_hostile(archive, limits)
        book = _read_workbook(archive)
    sheets = sorted(book.sheets, key=lambda sheet: sheet.is_hidden)
    return [WorkbookTable(source, book, sheet, limits) for sheet in sheets]


def _refuse_hostile(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or size > limits.unzipped_bytes or any(map(_is_bomb, parts)):
        raise FileRefused(
            f"Unpacked, this spreadsheet is larger than {limits.unzipped_bytes >> 20} MB, or far"
            " larger than packed. Save its rows as CSV and upload that.",
            code="unzipped_too_large",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused(
            "The file has a password. Save it without one and upload it again.", code="encrypted"
        )
    if "xl/workbook.xml" not in archive.namelist():
        raise FileRefused(
            "This archive is no XLSX spreadsheet. Save the table as XLSX or CSV and upload that.",
            code="not_a_workbook",
        )


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(_LARGE_PART, part.compress_size * _MOST_PACKED)


@contextmanager
def _refusing() -> Iterator[None]:
    """A broken or hostile part refuses the file."""
    try:
        yield
    except DefusedXmlException as error:
        raise FileRefused(
            "This spreadsheet holds definitions that no spreadsheet program writes, so it was not"
            " opened. Save its rows as CSV and upload that.",
            code="hostile_xml",
        ) from error
    except (
        ParseError, ExpatError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError,
        KeyError, UnicodeDecodeError, ValueError, OSError, RuntimeError, LookupError,
    ) as error:  # fmt: skip
        raise FileRefused(
            "This spreadsheet is damaged and cannot be read. Open it, save it again as XLSX or CSV"
            " and upload that.",
            code="damaged_workbook",
        ) from error


def _read_workbook(archive: zipfile.ZipFile) -> _Workbook:
    targets = _targets(archive)
    book = _Workbook()
    has_1904_dates = False
    for element in _elements(archive, "xl/workbook.xml", "sheet", "workbookPr"):
        name = _local(element)
        if name == "sheet":
            key = next((v for k, v in element.items() if k.endswith("}id")), "")
            part = targets.get(key, "")
            if part in archive.NameToInfo:
                hidden = element.get("state", "visible") != "visible"
                book.sheets.append(_Sheet(element.get("name") or "", part, hidden))
        elif name == "workbookPr":
            has_1904_dates = element.get("date1904") in {"1", "true"}
    book.styles = _styles(archive, has_1904_dates)
    book.strings = _strings(archive)
    return book


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    found = {}
    for element in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = element.get("Target") or ""
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        found[element.get("Id") or ""] = part
    return found


def _styles(archive: zipfile.ZipFile, has_1904_dates: bool) -> Styles:
    formats: dict[str, str] = {}
    styles = Styles(has_1904_dates=has_1904_dates)
    for element in _elements(archive, "xl/styles.xml", "numFmt", "cellXfs"):
        if _local(element) == "numFmt":
            formats[element.get("numFmtId") or ""] = element.get("formatCode") or ""
        elif _local(element) == "cellXfs":
            styles.add([xf.get("numFmtId") or "" for xf in element], formats)
    return styles


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.NameToInfo:
        return []
    with archive.open("xl/sharedStrings.xml") as part:
        return shared_strings(part)


def _elements(archive: zipfile.ZipFile, part: str, *names: str) -> Iterator[Element]:
    if part in archive.NameToInfo:
        with archive.open(part) as file:
            yield from _children(file, *names)


def _children(file: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names, one after the other; what was handed out is forgotten."""
    parents, held = list[Element](), 0
    for event, element in iterparse(file, ("start", "end"), forbid_dtd=True):
        if event == "start":
            parents.append(element)
            held += 1
            if held > _MOST_HELD_ELEMENTS:
                raise FileRefused(
                    "This spreadsheet has too many sheets or styles. Save it as CSV and upload it.",
                    code="damaged_workbook",
                )
            continue
        parents.pop()
        if _local(element) in names:
            yield element
            held = len(parents)
            if parents:
                parents[-1].clear()


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _merged_downwards(part: IO[bytes]) -> dict[tuple[int, int], int]:
    """(first row, column) → last row of every cell merged over several rows."""
    found, kept = dict[tuple[int, int], int](), b""
    while chunk := part.read(1 << 20):
        for match in _MERGE.finditer(kept + chunk):
            first, last = int(match.group(2)), int(match.group(4))
            if first < last <= first + _MOST_MERGED_ROWS and len(found) < _MOST_MERGES:
                found[first, column_number(match.group(1).decode(), 0)] = last
        kept = chunk[-200:]
    return found
