"""The seed's sheets: CSV files that people edit in a spreadsheet; mistakes are named by line."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from core.errors import DomainError
from warehouses.seed.measures import NotAMeasure, Reader

M = TypeVar("M", bound=Model)
T = TypeVar("T")

NOTE = "note"  # the one column that is for readers only
FLAGS = {"yes": True, "no": False}


class BadSheet(DomainError):
    code = "bad_seed_sheet"

    def __init__(self, place: str, what: str):
        super().__init__(f"{place}: {what}. Correct the file and seed again; nothing of it is in.")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet. Every reader raises BadSheet naming file, line and column."""

    place: str
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        return self.cells[column]

    def columns_beside(self, *named: str) -> list[str]:
        return [column for column in self.cells if column not in (*named, NOTE)]

    def words(self, column: str) -> list[str]:
        return self.cells[column].split()

    def flag(self, column: str) -> bool:
        return self.pick(column, FLAGS)

    def whole(self, column: str) -> int:
        """A count, never below zero."""
        if not self.cells[column].isdecimal():
            raise self.refusal(f"{column} “{self.cells[column]}” is not a whole number")
        return int(self.cells[column])

    def whole_or_none(self, column: str) -> int | None:
        return self.whole(column) if self.cells[column] else None

    def amount(self, column: str) -> Decimal:
        try:
            number = Decimal(self.cells[column])
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise self.refusal(f"{column} “{self.cells[column]}” is not a number")
        return number

    def measure(self, column: str, read: Reader) -> int:
        try:
            return read(self.cells[column])
        except NotAMeasure as error:
            raise self.refusal(f"{column} {error}") from error

    def measure_or_none(self, column: str, read: Reader) -> int | None:
        return self.measure(column, read) if self.cells[column] else None

    def pick(self, column: str, known: Mapping[str, T]) -> T:
        """What the cell's text stands for."""
        text = self.cells[column]
        if text not in known:
            raise self.refusal(f"{column} “{text}” is not among {', '.join(known) or 'any known'}")
        return known[text]

    def make(self, model: type[M], **values: Any) -> M:
        """An unsaved instance whose own fields are valid; related rows are the caller's."""
        instance = model(**values)
        related = {f.name for f in model._meta.concrete_fields if f.is_relation or f.primary_key}
        try:
            instance.clean_fields(exclude=related)
        except ValidationError as error:
            column, messages = next(iter(error.message_dict.items()))
            raise self.refusal(f"{column}: {messages[0].rstrip('.')}") from error
        return instance

    def refusal(self, what: str) -> BadSheet:
        return BadSheet(self.place, what)


def read_rows(path: Path, columns: Collection[str], *, more_columns: bool = False) -> list[Row]:
    """The sheet's lines; empty ones are passed over. Raises BadSheet.

    `more_columns` allows columns beside the named ones, as zones are in a rate sheet.
    """
    lines = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        header = next(lines, [])
        _check_header(path.name, header, columns, more_columns)
        return [_row(path.name, lines.line_num, header, cells) for cells in lines if any(cells)]
    except csv.Error as error:
        raise BadSheet(f"{path.name}, line {lines.line_num}", f"{error}") from error


def _text(path: Path) -> str:
    try:
        # A spreadsheet writes a byte order mark before its UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadSheet(str(path), f"the sheet cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadSheet(path.name, "the sheet is not UTF-8; save it as “CSV UTF-8”") from error


def _check_header(
    name: str, header: list[str], columns: Collection[str], more_columns: bool
) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadSheet(name, f"the column {missing[0]} is missing")
    unknown = set(header) - set(columns) - {NOTE}
    if unknown and not more_columns:
        raise BadSheet(name, f"the column “{min(unknown)}” is not known")
    if len(set(header)) < len(header):
        raise BadSheet(name, "two columns have the same name")


def _row(name: str, line: int, header: list[str], cells: list[str]) -> Row:
    place = f"{name}, line {line}"
    if len(cells) != len(header):
        raise BadSheet(place, f"{len(cells)} cells under {len(header)} columns")
    return Row(place, {column: cell.strip() for column, cell in zip(header, cells, strict=True)})
