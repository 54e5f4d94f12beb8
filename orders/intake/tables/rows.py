"""What every kind of file becomes: numbered rows of text, as often as they are asked for."""

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused

Row = tuple[int, list[str]]
"""The number a person sees beside the row, from 1, and its cells."""

LOOKED_AT = 40
"""Rows at the top in which a header is looked for."""


class Table(Protocol):
    """One table of a file; reading it again begins at the top."""

    @property
    def label(self) -> str:
        """The sheet's name, or how the text is laid out; for sentences."""

    @property
    def delimiter(self) -> str:
        """What parts the cells in the text; empty where the cells are apart by themselves."""

    @property
    def unclosed(self) -> set[int]:
        """Rows with a quotation mark that is never closed, as far as they were read."""

    def rows(self) -> Iterator[Row]:
        """Every row that is written; raises FileRefused over a limit or for broken content."""

    def unquoted(self) -> "Table":
        """The same table where quotation marks are plain text; itself when that changes nothing."""


def head(table: Table, count: int = LOOKED_AT) -> list[Row]:
    """The first rows."""
    return list(islice(table.rows(), count))


def refuse_columns(count: int, number: int, limits: Limits) -> None:
    if count > limits.columns:
        raise FileRefused(
            f"Row {number} has {count:,} columns; at most {limits.columns:,} are read."
            " Remove the columns that are not needed.",
            code="too_many_columns",
        )


def refuse_rows(number: int, limits: Limits) -> None:
    if number > limits.rows:
        raise FileRefused(
            f"The file has more than {limits.rows:,} rows. Split it and upload the parts.",
            code="too_many_rows",
        )
