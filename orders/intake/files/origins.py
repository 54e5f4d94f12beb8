"""Where in pasted text the cells of an order stand. Pure."""

from collections.abc import Iterator, Sequence

from orders.intake.files.orders import ReadOrder
from orders.intake.parsed import Span

Line = tuple[int, str]
"""Where a line begins in the text, and the line without its end."""


def keep_origins(
    text: str, delimiter: str, columns: dict[str, int], read: Sequence[ReadOrder]
) -> None:
    """Give orders the lines they were read from, and their fields the spans of their cells.

    `columns` says in which cell each field stands. An order whose rows are not lines of the text,
    as in HTML or with line breaks within cells, keeps its cells as its text, without spans.
    """
    lines = list(_lines(text)) if delimiter else []
    for one in read:
        own = [lines[row - 1] for row in one.order.rows if 0 < row <= len(lines)]
        if own and _are_rows(own, delimiter, one) and _are_neighbours(one.order.rows):
            one.order.text = text[own[0][0] : own[-1][0] + len(own[-1][1])]
            one.order.spans = _spans(own, delimiter, columns)


def _lines(text: str) -> Iterator[Line]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line.rstrip("\r\n")
        at += len(line)


def _are_rows(own: Sequence[Line], delimiter: str, one: ReadOrder) -> bool:
    """Whether the lines, cut by hand, are the very cells that were read."""
    cut = [[cell.strip() for cell in line.split(delimiter)] for _start, line in own]
    cells = [[cell.strip() for cell in one.rows[row]] for row in one.order.rows if row in one.rows]
    return [_filled(row) for row in cut] == [_filled(row) for row in cells]


def _filled(cells: list[str]) -> list[str]:
    """Without the empty cells at the end, which a reader may add or leave out."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _are_neighbours(rows: Sequence[int]) -> bool:
    return list(rows) == list(range(rows[0], rows[0] + len(rows)))


def _spans(own: Sequence[Line], delimiter: str, columns: dict[str, int]) -> dict[str, list[Span]]:
    """By field, the cells of every row: rows repeat what belongs to the whole order."""
    spans: dict[str, list[Span]] = {}
    for start, line in own:
        cells = list(_cells(start, line, delimiter))
        for name, place in columns.items():
            if place < len(cells) and cells[place].end > cells[place].start:
                spans.setdefault(name, []).append(cells[place])
    return spans


def _cells(start: int, line: str, delimiter: str) -> Iterator[Span]:
    at = start
    for cell in line.split(delimiter):
        ahead = len(cell) - len(cell.lstrip())
        yield Span(at + ahead, at + ahead + len(cell.strip()))
        at += len(cell) + len(delimiter)
