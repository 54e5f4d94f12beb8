"""The doors: a file of orders in, orders and remarks out."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

from orders.intake.cells.text import shorten
from orders.intake.files.context import Context, RememberedPlaces
from orders.intake.files.layout import Layout
from orders.intake.files.noting import Notes
from orders.intake.files.reading import Reading, ReadOrder
from orders.intake.files.skus import KnownSkus
from orders.intake.files.survey import survey
from orders.intake.formats import Header, find_header
from orders.intake.parsed import Remark, Severity, Understanding
from orders.intake.tables import DEFAULT_LIMITS, FileRefused, Limits, Table, head, open_tables
from orders.intake.values.places import NoPlaces, Places

_ADVICE = "Export orders with their column names, or map the columns."


def read_file(
    source: BinaryIO | Path,
    *,
    name: str,
    places: Places,
    known_skus: Collection[str],
    format: str = "auto",  # noqa: A002  # the word that staff and the command use
    mapping: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Understand a file's header and survey its rows; iterate the result for the orders.

    `source` is a path or a binary file that stays open while the result is used. `format` names one
    of the formats or is "auto"; `mapping` gives our field → the file's column, and wins over
    what is recognised. A file that cannot be read is answered by a refused reading with one remark.
    """
    try:
        tables = open_tables(source, limits)
        return read_tables(tables, places, KnownSkus(known_skus), format, mapping or {}, limits)
    except FileRefused as refusal:
        remark = Remark(None, refusal.field, Severity.ERROR, refusal.code, refusal.message)
        return Reading(remarks=[remark], is_refused=True)


def read_all(
    source: BinaryIO | Path,
    *,
    name: str,
    places: Places,
    known_skus: Collection[str],
    format: str = "auto",  # noqa: A002  # the word that staff and the command use
    mapping: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Understanding:
    """The whole file at once, for small ones; the arguments are those of `read_file`."""
    reading = read_file(
        source,
        name=name,
        places=places,
        known_skus=known_skus,
        format=format,
        mapping=mapping,
        limits=limits,
    )
    return understand(reading)


def understand(reading: Reading) -> Understanding:
    """All orders of a reading, with all remarks in the order of their rows."""
    return answer_of(reading, list(reading))


def answer_of(reading: Reading, read: list[ReadOrder]) -> Understanding:
    """All that was read, with what was remarked on the way."""
    remarks = reading.remarks + [remark for one in read for remark in one.remarks]
    remarks.sort(key=lambda remark: remark.row or 0)
    return Understanding(reading.format, [one.order for one in read], remarks)


def read_tables(
    tables: list[Table],
    places: Places,
    skus: KnownSkus,
    wanted: str,
    mapping: Mapping[str, str],
    limits: Limits,
) -> Reading:
    """Choose the table that has a header, and survey it; raises FileRefused."""
    table, row, header = choose_table(tables, wanted, mapping)
    reading = Reading(header.name, header.columns, header.unknown, header.mapping, row)
    if header.format and header.format.is_unquoted and table.delimiter == "\t":
        table = table.unquoted()
    _refuse_unreadable(header)
    layout = Layout(header)
    found = survey((r for r in table.rows() if r[0] > row), layout, table.delimiter)
    if not found.row_count:
        raise FileRefused(
            "The file has a header but no row with an order. Export it again.", code="header_only"
        )
    reading.row_count = found.row_count
    reading.remarks = reading._of_file = _remarks(header, tables, table)
    reading._table = table
    known = places if isinstance(places, NoPlaces) else RememberedPlaces(places)
    reading._context = Context(layout, found, known, skus, limits)
    return reading


def choose_table(
    tables: list[Table], wanted: str, mapping: Mapping[str, str]
) -> tuple[Table, int, Header]:
    """The table whose header says most; raises FileRefused when none has a header."""
    best: tuple[Table, int, Header] | None = None
    rows = 0
    problem: FileRefused | None = None
    for table in tables:
        try:
            top = head(table)
        except FileRefused as refusal:
            problem = refusal
            continue
        rows = max(rows, len(top))
        found = find_header(top, wanted, mapping)
        if found and (best is None or len(found[1].fields) > len(best[2].fields)):
            best = table, *found
    if best is None:
        raise problem or _no_header(rows)
    return best


def _no_header(rows: int) -> FileRefused:
    if not rows:
        return FileRefused("The file holds no rows. Export it again.", code="empty_file")
    return FileRefused(
        f"No row of the file names columns that we know. {_ADVICE}",
        code="no_header",
        field="header",
    )


def _refuse_unreadable(header: Header) -> None:
    if not header.has_recipients:
        named = shorten(", ".join(header.columns[:6]), 80)
        raise FileRefused(
            f"These are no orders: no columns name a recipient and an address, only {named}."
            f" {_ADVICE}",
            code="not_orders",
            field="header",
        )
    if not header.has_orders:
        return
    if not header.has("sku", "title"):
        raise _missing("SKU")
    if not header.has("quantity", "items"):
        raise _missing("quantity")


def _missing(column: str) -> FileRefused:
    return FileRefused(
        f"The {column} column is missing, so no line can be read. Add it to the export, or map one"
        " of the columns to it.",
        code="column_missing",
        field="header",
    )


def _remarks(header: Header, tables: list[Table], chosen: Table) -> list[Remark]:
    notes = Notes()
    if header.unknown:
        named = shorten(", ".join(header.unknown[:20]), 300)
        count = len(header.unknown)
        what = "1 column is unknown" if count == 1 else f"{count} columns are unknown"
        text = f"{what} and kept only with the raw rows: {named}. Map what matters."
        notes.info(None, "header", "unknown_columns", text)
    if header.format and header.format.has_item_lists:
        text = (
            "This export lists orders without the quantity and price of each item. Upload the"
            " export of order items instead, or check the quantities."
        )
        notes.warn(None, "file", "no_item_lines", text)
    if not header.has_orders:
        text = "The file names customers but no products: each row becomes an order without lines."
        notes.warn(None, "header", "customers_only", text)
    others = [table.label for table in tables if table.label != chosen.label]
    if others and not chosen.delimiter:
        text = f"Only the sheet “{chosen.label}” was read, not {shorten(', '.join(others), 120)}."
        notes.info(None, "file", "other_sheets", text)
    return notes.remarks
