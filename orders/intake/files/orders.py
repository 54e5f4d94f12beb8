"""From a group of rows to its orders, usually one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orders.intake.cells.dates import read_date
from orders.intake.cells.numbers import read_currency, read_scientific, whole_text
from orders.intake.cells.states import state_code
from orders.intake.cells.text import clean, clean_code, one_line, shorten, squash
from orders.intake.files.context import Context, Fields
from orders.intake.files.layout import Cells, Numbered
from orders.intake.files.lines import read_lines
from orders.intake.files.noting import Notes
from orders.intake.files.recipients import read_recipient
from orders.intake.files.shelf import Group
from orders.intake.files.status import check_status
from orders.intake.parsed import ParsedOrder, Remark

_MOST_COMPARED = 50


@dataclass(slots=True)
class ReadOrder:
    """One order, what is odd about it, and its rows as they were written, by row number."""

    order: ParsedOrder
    remarks: list[Remark] = field(default_factory=list)
    rows: dict[int, list[str]] = field(default_factory=dict)


def orders_of(group: Group, context: Context) -> Iterator[ReadOrder]:
    """One order for each customer in the group; several mean a number used twice."""
    parts = _by_customer(group.rows, context) if len(group.rows) > 1 else [group.rows]
    for rows in parts:
        notes = Notes()
        if len(parts) > 1:
            _note_two_customers(notes, rows, parts)
        _note_group(notes, group, rows)
        yield _read(rows, context, notes)


def _read(rows: list[Numbered], context: Context, notes: Notes) -> ReadOrder:
    fields = Fields(context, rows, notes)
    order = ParsedOrder(rows=[number for number, _ in rows], text=_as_given(rows))
    _read_number(fields, order)
    _read_date(fields, order)
    read_recipient(fields, order)
    order.lines, currency_of_prices = read_lines(fields)
    _read_currency(fields, order, currency_of_prices)
    _read_texts(fields, order)
    check_status(fields)
    _note_extra_cells(fields)
    return ReadOrder(order, notes.remarks, dict(rows))


def _as_given(rows: list[Numbered]) -> str:
    """The rows as they would be copied from a spreadsheet."""
    return "\n".join("\t".join(cells).rstrip("\t") for _, cells in rows)


def _read_number(fields: Fields, order: ParsedOrder) -> None:
    if not fields.context.layout.has_number:
        return
    row, cell = fields.first("order_number")
    text = whole_text(clean_code(one_line(cell)))
    if not text:
        message = "The order number is missing. Add it, so that the order is not taken twice."
        fields.notes.error(row, "order_number", "number_missing", message)
        return
    long = read_scientific(text)
    if long is not None and not long.is_complete:
        message = f"The order number {text} lost its last digits in a spreadsheet. Export it again."
        fields.notes.error(row, "order_number", "number_lost_digits", message)
    order.number = long.digits if long and long.is_complete else text[:200]


def _read_date(fields: Fields, order: ParsedOrder) -> None:
    row, cell = fields.first("order_date")
    if not cell:
        return
    text = clean_code(cell)
    order.date = read_date(text, fields.context.survey.day_first) if len(text) < 80 else ""
    if not order.date:
        message = f"“{shorten(text)}” is no date. Write it as 2026-10-14."
        fields.notes.warn(row, "order_date", "date_invalid", message)


def _read_currency(fields: Fields, order: ParsedOrder, of_prices: str) -> None:
    row, cell = fields.first("currency")
    order.currency = read_currency(clean(cell)) if cell else of_prices
    if cell and not order.currency:
        message = f"“{shorten(cell)}” is no currency. Write its three letters, as USD."
        fields.notes.warn(row, "currency", "currency_unknown", message)


def _read_texts(fields: Fields, order: ParsedOrder) -> None:
    order.shipping_method = one_line(fields.first("shipping_method")[1])
    row, cell = fields.first("notes")
    if cell:
        order.notes = clean(cell)
        fields.check_text(row, "notes", order.notes)
    order.wanted_carrier = one_line(fields.first("wanted_carrier")[1])
    state = one_line(fields.first("wanted_state")[1])
    order.wanted_state = state_code(state, "US") or state


def _note_extra_cells(fields: Fields) -> None:
    """Cells to the right of the header belong to no column."""
    width = fields.context.layout.width
    for number, cells in fields.rows:
        if len(cells) > width and any(extra := [c.strip() for c in cells[width:] if c.strip()]):
            message = (
                f"Row {number} has {len(cells)} cells under {width} columns; no column holds"
                f" “{shorten(' '.join(extra))}”. A delimiter may stand inside a cell."
            )
            fields.notes.warn(number, "row", "cells_beyond_header", message)


def _note_group(notes: Notes, group: Group, rows: list[Numbered]) -> None:
    numbers = {number for number, _ in rows}
    for number in group.joined:
        if number in numbers:
            message = (
                f"Row {number} has neither order number nor recipient; it went with the row above."
            )
            notes.warn(number, "order_number", "row_joined", message)
    if group.is_cut:
        message = (
            f"This order has more than {len(group.rows):,} rows; the rest became a further order."
            " See that each order has its own number."
        )
        notes.error(rows[0][0], "order_number", "too_many_rows_of_order", message)


def _note_two_customers(notes: Notes, rows: list[Numbered], parts: list[list[Numbered]]) -> None:
    others = ", ".join(str(part[0][0]) for part in parts[:5] if part is not rows)
    message = f"Row {others} has the same number for another recipient. Correct one of them."
    for number, _ in rows[:20]:
        notes.error(number, "order_number", "number_of_two_customers", message)


def _by_customer(rows: list[Numbered], context: Context) -> list[list[Numbered]]:
    """The rows parted by recipient; rows that name none go with the first."""
    layout = context.layout
    first = rows[0][1]
    if all(_same_cells(first, cells, layout.identity) for _, cells in rows):
        return [rows]
    parts: list[tuple[dict[str, str], list[Numbered]]] = []
    by_name: dict[tuple[str, ...], list[Numbered]] = {}
    for number, cells in rows:
        who = _customer(cells, context)
        part = by_name.get(tuple(who.values()))
        if part is None:
            part = _part_of(who, parts)
            by_name[tuple(who.values())] = part
        part.append((number, cells))
    return [part for _, part in parts]


def _part_of(
    who: dict[str, str], parts: list[tuple[dict[str, str], list[Numbered]]]
) -> list[Numbered]:
    """The rows of the same customer among the first ones, or a new part."""
    for known, rows in parts[:_MOST_COMPARED]:
        if _agree(known, who):
            known.update({name: text for name, text in who.items() if text})
            return rows
    parts.append((dict(who), []))
    return parts[-1][1]


def _same_cells(first: Cells, cells: Cells, places: tuple[int, ...]) -> bool:
    return all(not cells[place] or cells[place] == first[place] for place in places)


def _customer(cells: Cells, context: Context) -> dict[str, str]:
    layout = context.layout
    name = layout.cell(cells, "name") or layout.cell(cells, "first_name") + layout.cell(
        cells, "last_name"
    )
    code = squash(layout.cell(cells, "postal_code")).lstrip("0")
    return {"name": squash(name), "street": squash(layout.cell(cells, "address_1")), "code": code}


def _agree(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two rows may be of one customer: nothing that both name differs."""
    return all(not other[name] or not text or text == other[name] for name, text in one.items())
