"""The second pass: rows to groups, each the rows of one order number."""

from collections.abc import Iterator

from orders.intake.cells.text import shorten, squash
from orders.intake.files.layout import Cells, Layout, Numbered
from orders.intake.files.noting import Notes
from orders.intake.files.shelf import Group, Shelf
from orders.intake.files.survey import Survey
from orders.intake.formats.synonyms import TOTAL_WORDS, normal

_MOST_ROWS = 5_000
"""Rows of one order; more are handed out as a further order, the first with an error."""
_FRAME = ("recordsdownloaded", "sellerid")


class Grouping:
    """Hands out groups as soon as they are complete, and notes rows that belong to no order."""

    def __init__(self, layout: Layout, survey: Survey, notes: Notes) -> None:
        self._layout, self._survey, self._notes = layout, survey, notes
        self._shelf = Shelf()
        self._person = ""

    def groups(self, rows: Iterator[Numbered]) -> Iterator[Group]:
        open_group: Group | None = None
        for number, raw in rows:
            if not any(raw):
                continue
            cells = self._layout.padded(raw)
            if _is_rule(cells):
                continue
            if not self._is_order_row(number, cells):
                continue
            key = self._layout.key(cells)
            if open_group is not None and self._belongs(open_group, key, number, cells):
                open_group.rows.append((number, cells))
                if len(open_group.rows) < _MOST_ROWS:
                    continue
                open_group.is_cut = True
                yield open_group
                open_group = None
                continue
            if open_group is not None:
                yield from self._close(open_group)
            open_group = self._open(key, cells)
            open_group.rows.append((number, cells))
        if open_group is not None:
            yield from self._close(open_group)
        yield from self._shelf.rest()

    def _open(self, key: str, cells: Cells) -> Group:
        self._person = "" if key else self._identity(cells)
        return (self._shelf.take(key) if key else None) or Group(key)

    def _belongs(self, group: Group, key: str, number: int, cells: Cells) -> bool:
        """Whether a row continues the open group."""
        if key:
            return key == group.key
        person = self._identity(cells)
        if group.key:
            if person:
                return False
            group.joined.append(number)
            return True
        return person in {"", self._person}

    def _identity(self, cells: Cells) -> str:
        return "|".join(squash(cells[place]) for place in self._layout.identity).strip("|")

    def _close(self, group: Group) -> Iterator[Group]:
        if self._survey.last_row_of.get(group.key, 0) <= group.rows[-1][0]:
            yield group
        else:
            self._shelf.put(group)

    def _is_order_row(self, number: int, cells: Cells) -> bool:
        """Whether the row is of an order; any other row that is not blank is noted."""
        layout = self._layout
        person = layout.has_person(cells)
        if person and not layout.may_be_header(cells):
            return True
        if not any(cell.strip() for cell in cells):
            return False
        if layout.is_header(cells):
            self._notes.info(number, "row", "header_again", f"Row {number} repeats the header.")
            return False
        if person:
            return True
        return self._is_line_without_person(number, cells)

    def _is_line_without_person(self, number: int, cells: Cells) -> bool:
        sku = self._layout.cell(cells, "sku").strip()
        if not sku and _is_total(cells):
            self._notes.info(
                number, "row", "totals_row", f"Row {number} holds totals; it is no order."
            )
            return False
        if self._layout.has_line(cells):
            return True
        self._note_leftover(number, cells)
        return False

    def _note_leftover(self, number: int, cells: Cells) -> None:
        if self._notes.is_full:
            self._notes.count()
            return
        words = shorten(" ".join(cell.strip() for cell in cells if cell.strip()), 80)
        if any(mark in squash(words) for mark in _FRAME):
            text = f"Row {number} is part of the report's frame: “{words}”."
            self._notes.info(number, "row", "frame_row", text)
            return
        text = f"Row {number} is no order and was left out: “{words}”. Add it by hand if it is one."
        self._notes.warn(number, "row", "row_left_out", text)


def _is_rule(cells: Cells) -> bool:
    """A line drawn with signs, as below the header of a table in plain text: |---|:--:|."""
    first = cells[0].strip() or cells[1 if len(cells) > 1 else 0].strip()
    if first[:1] not in {"-", ":", "=", "_"} or first.strip("-:=_"):
        return False
    return not any(cell.strip(" -:=_") for cell in cells)


def _is_total(cells: Cells) -> bool:
    return any(
        normal(cell).strip("0123456789") in TOTAL_WORDS for cell in cells if cell and len(cell) < 40
    )
