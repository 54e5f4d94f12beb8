"""What is ordered: the lines of a group of rows."""

import re

from orders.intake.cells.numbers import (
    Amount,
    read_money,
    read_quantity,
    read_scientific,
    share,
    whole_text,
)
from orders.intake.cells.text import clean, clean_code, is_error_value, one_line, shorten
from orders.intake.files.context import Context, Fields, cell_of
from orders.intake.files.layout import Cells, Numbered
from orders.intake.parsed import ParsedLine

_LIST = re.compile(r"[,;\n]")


def read_lines(fields: Fields) -> tuple[list[ParsedLine], str]:
    """The lines with remarks on their cells, and the currency that prices name, if any."""
    context, seen = fields.context, dict[tuple[str, ...], int]()
    lines: list[ParsedLine] = []
    currency = ""
    for number, cells in _line_rows(fields):
        if len(fields.rows) > 1 and _is_copy(fields, number, cells, seen):
            continue
        if context.layout.format and context.layout.format.has_item_lists:
            lines += _listed_lines(fields, number, cells)
            continue
        line, amount = _line(fields, number, cells)
        currency = currency or amount.currency
        lines.append(line)
    if not lines and context.layout.has_lines:
        _note_no_lines(fields)
    return lines, currency


def _note_no_lines(fields: Fields) -> None:
    text = "The order has no line: no row names a product. Add the products."
    fields.notes.error(fields.rows[0][0], "sku", "no_lines", text)


def _line_rows(fields: Fields) -> list[Numbered]:
    """Rows with a line; a row without item among rows that have one only sums the order up."""
    layout = fields.context.layout
    if len(fields.rows) == 1:
        return [row for row in fields.rows if layout.has_line(row[1])]
    items = [row for row in fields.rows if layout.has_item(row[1])]
    return items or [row for row in fields.rows if layout.has_line(row[1])]


def _is_copy(fields: Fields, number: int, cells: Cells, seen: dict[tuple[str, ...], int]) -> bool:
    whole = tuple(cells)
    first = seen.setdefault(whole, number)
    if first != number:
        text = f"Row {number} is an exact copy of row {first}; its line was counted once. Check it."
        fields.notes.warn(number, "row", "row_copied", text)
        return True
    _note_same_line(fields, number, cells, seen)
    return False


def _note_same_line(
    fields: Fields, number: int, cells: Cells, seen: dict[tuple[str, ...], int]
) -> None:
    """One line number with other content: nobody can tell which row is right."""
    line_id = clean_code(fields.context.layout.cell(cells, "line_id"))
    if line_id and (first := seen.setdefault((line_id,), number)) != number:
        text = f"Row {number} has the line number of row {first} ({shorten(line_id)}). Check both."
        fields.notes.warn(number, "row", "line_number_again", text)


def _line(fields: Fields, number: int, cells: Cells) -> tuple[ParsedLine, Amount]:
    layout, row_fields = fields.context.layout, _OneRow(fields, number, cells)
    quantity = _quantity(row_fields) if "quantity" in layout.fields else ""
    amount = _price(row_fields, "unit_price")
    price = amount.value
    if "unit_price" not in layout.fields and "line_total" in layout.fields:
        amount = _price(row_fields, "line_total")
        price = share(amount.value, quantity)
    title = one_line(row_fields.text("title"))
    return ParsedLine(_sku(row_fields), quantity, price, title, number), amount


class _OneRow:
    """The cells of one line."""

    def __init__(self, fields: Fields, number: int, cells: Cells) -> None:
        self.context: Context = fields.context
        self.notes, self.number = fields.notes, number
        self._fields, self._cells = fields, cells

    def text(self, name: str) -> str:
        """The cell as written; empty for a spreadsheet's error value, with a remark."""
        cell = cell_of(self._cells, self.context.layout.fields.get(name, ()))
        if cell.startswith("#") and is_error_value(cell):
            self._fields.note_error_value(self.number, name, cell)
            return ""
        return self._fields.bounded(self.number, name, cell)

    def is_blank(self, name: str) -> bool:
        return not cell_of(self._cells, self.context.layout.fields.get(name, ()))

    def error(self, name: str, code: str, message: str) -> None:
        self.notes.error(self.number, name, code, message)


def _quantity(row: _OneRow) -> str:
    text = clean_code(row.text("quantity"))
    if not text:
        row.error("quantity", "quantity_missing", "The quantity is missing. Write a whole number.")
        return ""
    quantity = read_quantity(text, row.context.survey.decimal_comma) if len(text) < 20 else ""
    if not quantity:
        message = f"The quantity “{shorten(text)}” is no whole number above zero. Correct it."
        row.error("quantity", "quantity_invalid", message)
    return quantity


def _price(row: _OneRow, name: str) -> Amount:
    if name not in row.context.layout.fields:
        return Amount("")
    cell = row.text(name)
    text = clean_code(cell)
    if not text:
        if row.is_blank(name):
            text = "The price is missing. Add it."
            row.notes.warn(row.number, "unit_price", "price_missing", text)
        return Amount("")
    amount = read_money(text, row.context.survey.decimal_comma) if len(text) < 40 else Amount("")
    if amount.value and not amount.is_negative:
        return amount
    message = f"The price “{shorten(text)}” is no amount of money above zero. Correct it."
    row.error("unit_price", "price_invalid", message)
    return Amount("", amount.currency)


def _sku(row: _OneRow) -> str:
    if "sku" not in row.context.layout.fields:
        return ""
    text = clean_code(row.text("sku"))
    return _known_sku(row, " ".join(text.split()))


def _known_sku(row: _OneRow, text: str) -> str:
    skus = row.context.skus
    if not text:
        row.error("sku", "sku_missing", "The SKU is missing. Choose the product.")
        return ""
    if known := skus.find(text):
        return known
    digits = whole_text(text)
    if known := skus.find(digits) or skus.with_zeros(digits):
        message = f"The SKU {shorten(text)} had lost its leading zeros: {known}."
        row.notes.warn(row.number, "sku", "sku_zeros", message)
        return known
    if (long := read_scientific(text)) and long.is_complete and (known := skus.find(long.digits)):
        return known
    message = f"The SKU {shorten(text)} is not in the catalogue.{skus.nearest(text)}"
    row.error("sku", "sku_unknown", message)
    return text[:64]


def _listed_lines(fields: Fields, number: int, cells: Cells) -> list[ParsedLine]:
    """Lines of an order whose SKUs stand in one cell, with one count of pieces."""
    row = _OneRow(fields, number, cells)
    listed = [text for part in _LIST.split(clean(row.text("sku"))) if (text := part.strip())]
    pieces = read_quantity(clean_code(row.text("items")), False)
    each = _quantity_of_each(listed, pieces)
    if not each and listed:
        message = (
            f"The {pieces or 'unknown number of'} pieces of this order are not told by product."
            " Upload the export of order items, or write the quantities."
        )
        row.error("quantity", "quantity_untold", message)
    if not listed:
        row.error("sku", "sku_missing", "The SKU is missing. Choose the product.")
    return [ParsedLine(_known_sku(row, text), each, "", "", number) for text in listed]


def _quantity_of_each(listed: list[str], pieces: str) -> str:
    if len(listed) == 1:
        return pieces
    return "1" if pieces == str(len(listed)) else ""
