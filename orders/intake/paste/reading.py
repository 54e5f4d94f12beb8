"""The one entry of paste: any text in, what was understood out; nothing is dropped in silence."""

import re
from collections.abc import Callable, Collection
from itertools import zip_longest

from orders.intake.parsed import ParsedLine, ParsedOrder, Remark, Severity, Understanding
from orders.intake.paste.cells import Line, cells_of, delimiter_of, lines_of, paragraphs_of
from orders.intake.paste.columns import read_columns
from orders.intake.paste.draft import Draft
from orders.intake.paste.facts import take_fact_lines, without_leading_number
from orders.intake.paste.finishing import finish
from orders.intake.paste.flow import read_flow
from orders.intake.paste.goods import is_goods_line, take_goods
from orders.intake.paste.labels import (
    give_fields,
    is_labelled,
    read_labelled,
    without_heading_label,
)
from orders.intake.paste.letters import is_letter, read_letter
from orders.intake.paste.orders import left_over, order_of, refusal, remarks_of, shortened
from orders.intake.paste.preset import is_preset_row, read_preset
from orders.intake.paste.records import Record, records_of
from orders.intake.paste.tables import looks_like_table, with_whole_cells, without_markup
from orders.intake.values.clean_text import CleanText, Piece
from orders.intake.values.places import Places

PASTE = "paste"
"""The format of free text."""
MAX_CHARACTERS = 2_000_000
MAX_LINES = 5_000
LONGEST_CUSTOMER = 20_000
LONGEST_BLOCK = 80
"""Characters and lines of one customer; a letter may be long, an address is not."""

TableReader = Callable[[str, Places, Collection[str]], Understanding | None]


def read_paste(
    text: str,
    places: Places,
    known_skus: Collection[str] = (),
    *,
    table_reader: TableReader | None = None,
) -> Understanding:
    """Understand pasted text; `table_reader` reads what is a table with a row of titles."""
    refused = _too_much(text)
    if refused:
        return Understanding(PASTE, [], [refused])
    if table_reader is not None and looks_like_table(text):
        table = table_reader(text, places, known_skus)
        if table is not None:
            return table
    is_html = looks_like_table(text, html_only=True)
    source = CleanText(without_markup(text) if is_html else with_whole_cells(text))
    return _Reader(source, places, frozenset(sku.casefold() for sku in known_skus)).read()


def _too_much(text: str) -> Remark | None:
    if len(text) > MAX_CHARACTERS:
        return _limit(f"{MAX_CHARACTERS:,} characters")
    if text.count("\n") > MAX_LINES or text.count("\r") > MAX_LINES:
        return _limit(f"{MAX_LINES:,} lines")
    return None


def _limit(what: str) -> Remark:
    said = f"The text has more than {what}. Paste it in parts, or upload it as a file."
    return Remark(None, "file", Severity.ERROR, "too_long", said)


class _Reader:
    """One paste being read."""

    def __init__(self, source: CleanText, places: Places, skus: frozenset[str]) -> None:
        self.source, self.places, self.skus = source, places, skus
        self.answer = Understanding(PASTE)

    def read(self) -> Understanding:
        lines = lines_of(self.source.text)
        if is_letter(lines):
            self._read_letter(lines)
            return self.answer
        records = records_of(paragraphs_of(lines), self.skus)
        for record, following in zip_longest(records, records[1:]):
            if not record.is_heading:
                self._read_record(record)
            elif following is None or following.is_heading or not following.titles:
                self._say_no_rows(record)
        if not self.answer.orders and not self.answer.remarks:
            said = "The text is empty. Paste the customers or orders first."
            self.answer.remarks.append(Remark(None, "file", Severity.ERROR, "empty", said))
        return self.answer

    def _say_no_rows(self, record: Record) -> None:
        row, text = record.lines[0].row, self.source.text[record.lines[0].piece.start : record.end]
        said = (
            f"Line {row} has titles but no rows under it: “{shortened(text)}”. Paste the rows too."
        )
        self.answer.remarks.append(Remark(row, "header", Severity.ERROR, "no_rows", said))

    def _read_letter(self, lines: list[Line]) -> None:
        draft = Draft(self.places, rows=[line.row for line in lines])
        read_letter(lines, self.source.text, draft, self.skus)
        self._keep(draft, lines[0].piece.start, lines[-1].piece.end)

    def _read_record(self, record: Record) -> None:
        draft = Draft(self.places, rows=[line.row for line in record.lines])
        start, end = record.lines[0].piece.start, record.lines[-1].piece.end
        if end - start > LONGEST_CUSTOMER or len(record.lines) > LONGEST_BLOCK:
            why = f"it is longer than {LONGEST_CUSTOMER:,} characters or {LONGEST_BLOCK} lines"
            self._refuse(draft, start, end, why)
            return
        if record.titles:
            self._read_titled(record, draft)
        else:
            self._read_untitled(self._without_goods_lines(record.lines, draft), draft)
        self._keep(draft, start, end)

    def _read_untitled(self, lines: list[Line], draft: Draft) -> None:
        start, end = lines[0].piece.start, lines[-1].piece.end
        if is_labelled(self.source.text[start:end]):
            read_labelled(
                Piece(self.source.text[start:end], start), self.source.text, draft, self.skus
            )
        else:
            self._read_plain(lines, draft)

    def _without_goods_lines(self, lines: list[Line], draft: Draft) -> list[Line]:
        """The lines of the customer, above those that only say what was ordered."""
        last = len(lines)
        while last > 1 and is_goods_line(lines[last - 1].piece, self.skus):
            last -= 1
        for number, line in enumerate(lines[last:], start=last):
            self._goods_of_line([line.piece], number, line, draft)
        return lines[:last]

    def _read_titled(self, record: Record, draft: Draft) -> None:
        delimiter = delimiter_of(
            self.source.text[record.title_cells[0].start : record.title_cells[-1].end]
        )
        cells = cells_of(record.lines[0].piece, delimiter)
        draft.labels.extend(cell.stripped() for cell in record.title_cells if cell.value)
        titles = [*record.titles, *[""] * len(cells)]
        given = [(title, cell) for title, cell in zip(titles, cells, strict=False) if title]
        give_fields(given, self.source.text, draft, self.skus, loose=[])

    def _read_plain(self, lines: list[Line], draft: Draft) -> None:
        first = _without_numbering(lines[0].piece, draft) if len(lines) == 1 else lines[0].piece
        delimiter = delimiter_of(first.text) if len(lines) == 1 else ""
        cells = [_filled(cell, draft) for cell in cells_of(first, delimiter)]
        if is_preset_row(cells):
            read_preset(cells, draft)
            return
        if delimiter:
            cells = take_fact_lines(self._without_goods(cells, draft), draft)
            if read_columns(cells, draft):
                return
        pieces = cells if delimiter in {"\t", ";", "|"} else _pieces(first, lines, draft)
        if delimiter == ",":
            pieces = self._rejoined(cells)
        for number, line in enumerate(lines):
            pieces = pieces if delimiter else self._goods_of_line(pieces, number, line, draft)
        filled = [piece for piece in pieces if piece.value]
        read_flow(take_fact_lines(filled, draft), self.source.text, draft)

    def _rejoined(self, cells: list[Piece]) -> list[Piece]:
        """Neighbours between commas as one line again; a cell in quotes stays by itself."""
        found: list[Piece] = []
        for cell in filter(lambda cell: cell.text.strip(), cells):
            between = self.source.text[found[-1].end : cell.start] if found else ""
            if found and not between.strip(" ,"):
                start = found[-1].start
                found[-1] = Piece(self.source.text[start : cell.end], start)
            else:
                found.append(cell)
        return found

    def _goods_of_line(
        self, pieces: list[Piece], number: int, line: Line, draft: Draft
    ) -> list[Piece]:
        """Take the goods of one line, and the words beside them as the title of the goods."""
        before = len(draft.lines)
        mine = [piece for piece in pieces if line.piece.start <= piece.start <= line.piece.end]
        rest = take_goods(mine, draft, self.skus, row=line.row)
        if len(draft.lines) == before + 1 and number and rest:
            draft.lines[-1].title = " ".join(piece.value for piece in rest).strip()
            for piece in rest:
                draft.take("goods", piece)
            rest = []
        return [piece for piece in pieces if piece not in mine] + rest

    def _without_goods(self, cells: list[Piece], draft: Draft) -> list[Piece]:
        """Cells that hold a known SKU, and the quantity beside it, leave the row."""
        at = next((at for at, cell in enumerate(cells) if self._is_sku(cell)), None)
        if at is None:
            return self._without_written_goods(cells, draft)
        beside = [near for near in (at + 1, at - 1) if 0 <= near < len(cells)]
        count = next((near for near in beside if cells[near].value.isdigit()), None)
        quantity = cells[count].value if count is not None else ""
        draft.lines.append(ParsedLine(cells[at].value, quantity, row=draft.rows[0]))
        gone = {at} if count is None else {at, count}
        for near in sorted(gone):
            draft.take("goods", cells[near])
        rest = [cell for near, cell in enumerate(cells) if near not in gone]
        return self._without_goods(rest, draft)

    def _is_sku(self, cell: Piece) -> bool:
        return bool(self.skus) and cell.value.casefold() in self.skus

    def _without_written_goods(self, cells: list[Piece], draft: Draft) -> list[Piece]:
        kept: list[Piece] = []
        for cell in cells:
            rest = take_goods([cell], draft, self.skus, row=draft.rows[0]) if cell.value else [cell]
            kept.extend(rest)
        return kept

    def _keep(self, draft: Draft, start: int, end: int) -> None:
        why = _why_no_customer(draft)
        if why:
            self._refuse(draft, start, end, why)
            return
        finish(draft)
        order: ParsedOrder = order_of(draft, self.source, start, end)
        left = left_over(draft, self.source, start, end)
        self.answer.orders.append(order)
        self.answer.remarks.extend(remarks_of(order, left, self.source))

    def _refuse(self, draft: Draft, start: int, end: int, why: str) -> None:
        self.answer.remarks.append(refusal(draft.rows[0], self.source.text[start:end], why))


def _without_numbering(piece: Piece, draft: Draft) -> Piece:
    """A row of a numbered list, without its `1.`."""
    found = _NUMBERING.match(piece.text)
    if not found:
        return without_leading_number(piece, draft)
    draft.labels.append(piece.part(0, found.end()))
    return piece.part(found.end())


_NUMBERING = re.compile(r"\s*\d{1,3}[.)]\s+(?=[^\W\d_])")


def _pieces(first: Piece, lines: list[Line], draft: Draft) -> list[Piece]:
    pieces = [first, *(line.piece for line in lines[1:])]
    return [without_heading_label(piece, draft) for piece in pieces]


def _filled(cell: Piece, draft: Draft) -> Piece:
    """A cell that says N/A is an empty one."""
    if cell.value.casefold() not in _SAYS_NOTHING:
        return cell
    draft.labels.append(cell)
    return Piece("", cell.start)


_SAYS_NOTHING = frozenset({"n/a", "none", "null", "nil", "-", "--", "(none)", "#n/a", "n.a."})


def _why_no_customer(draft: Draft) -> str:
    """An address needs a place; and beside the place a street, or a person to be asked."""
    if not (draft.has("city") or draft.has("postal_code")):
        street = "" if draft.has("address_1") else "street, "
        return f"no {street}city or postal code was found"
    if any(map(draft.has, ("address_1", "name", "email", "phone"))):
        return ""
    return "only a place was found, no name and no street"
