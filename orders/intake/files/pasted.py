"""Tables pasted as text: cells from a spreadsheet, or HTML from the clipboard."""

import io
from collections.abc import Collection

from orders.intake.cells.text import shorten
from orders.intake.files.entry import answer_of, choose_table, read_tables
from orders.intake.files.orders import ReadOrder
from orders.intake.files.origins import keep_origins
from orders.intake.files.skus import KnownSkus
from orders.intake.parsed import Remark, Severity, Understanding
from orders.intake.tables import DEFAULT_LIMITS, FileRefused, open_tables
from orders.intake.values.places import Places

_ENOUGH = 3
_ENOUGH_WITHOUT_TABS = 4
"""Columns that must be known before pasted text counts as a table."""


def read_pasted_table(
    text: str, places: Places, known_skus: Collection[str]
) -> Understanding | None:
    """The orders of a pasted block with a header row, or None when it has no header we know.

    Columns of customers alone are enough: each row is then an order without lines.
    """
    if not text.strip():
        return None
    source = io.BytesIO(text.encode("utf-8", errors="replace"))
    try:
        tables = open_tables(source, DEFAULT_LIMITS)
        table, _, header = choose_table(tables, "auto", {})
    except FileRefused:
        return None
    enough = _ENOUGH if table.delimiter in {"\t", ""} else _ENOUGH_WITHOUT_TABS
    if len(header.fields) < enough:
        return None
    try:
        reading = read_tables(tables, places, KnownSkus(known_skus), "auto", {}, DEFAULT_LIMITS)
    except FileRefused as refusal:
        remark = Remark(None, refusal.field, Severity.ERROR, refusal.code, refusal.message)
        return Understanding(header.name, [], [remark])
    read = list(reading)
    refused = [] if header.has_orders else [one for one in read if _is_nobody(one)]
    read = [one for one in read if one not in refused]
    columns = {name: reading.columns.index(column) for name, column in reading.mapping.items()}
    keep_origins(text, table.delimiter, columns, read)
    answer = answer_of(reading, read)
    answer.remarks += [_refusal(one) for one in refused]
    answer.remarks.sort(key=lambda remark: remark.row or 0)
    return answer


def _is_nobody(one: ReadOrder) -> bool:
    """A row of a list of customers that names no place."""
    return not (one.order.recipient.city or one.order.recipient.postal_code)


def _refusal(one: ReadOrder) -> Remark:
    row, said = one.order.rows[0], shorten(one.order.text, 120)
    text = (
        f"Row {row} was not read as a customer: no city or postal code was found. It says “{said}”."
        " Correct it or leave it out."
    )
    return Remark(row, "row", Severity.ERROR, "not_a_customer", text)
