"""From a file to the tables it may hold."""

from pathlib import Path
from typing import BinaryIO

from orders.intake.tables.clipboard import html_tables
from orders.intake.tables.delimited import DELIMITERS, DelimitedTable
from orders.intake.tables.encodings import find_encoding
from orders.intake.tables.kinds import is_html, is_zip, refuse_other_kinds
from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Table
from orders.intake.tables.sources import Source
from orders.intake.tables.workbook import workbook_tables

_LARGEST_PAGE = 8 * 1024 * 1024
"""HTML is read whole, so it may not be as large as other files (bytes)."""


def open_tables(given: BinaryIO | Path, limits: Limits) -> list[Table]:
    """Every way in which the bytes may be read as a table; the reader keeps the one with a header.

    Raises FileRefused for what is no table, and for files over the limits.
    """
    source = Source(given, limits)
    start = source.start(4096)
    if is_zip(start):
        return list(workbook_tables(source, limits))
    refuse_other_kinds(start)
    if is_html(start):
        return list(_page(source, limits))
    encoding = find_encoding(source)
    if not start.strip(b'\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;|"') and _is_blank(source):
        raise FileRefused("The file holds only blanks. Export it again.", code="empty_file")
    return [DelimitedTable(source, encoding, delimiter, limits) for delimiter in DELIMITERS]


def _is_blank(source: Source) -> bool:
    with source.opened() as file:
        while chunk := file.read(1 << 20):
            if chunk.strip(b'\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;|"'):
                return False
    return True


def _page(source: Source, limits: Limits) -> list[Table]:
    if source.size > min(_LARGEST_PAGE, limits.bytes):
        raise FileRefused(
            "The web page is too large. Save its table as CSV and upload that.",
            code="file_too_large",
        )
    encoding = find_encoding(source)
    text = source.start(source.size).decode(encoding, errors="replace")
    return list(html_tables(text, limits))
