"""Lines of the pasted text, and the cells of a line, each knowing where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orders.intake.values.clean_text import Piece

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_FEWEST_COMMAS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `row` counts from 1 as an editor shows it."""

    row: int
    piece: Piece

    @property
    def is_blank(self) -> bool:
        return not any(map(str.isalnum, self.piece.text))


def lines_of(text: str) -> list[Line]:
    found: list[Line] = []
    for line in _LINE.finditer(text):
        if line.start() == len(text) and found:
            break
        bare = line.group().rstrip("\r\n")
        found.append(Line(len(found) + 1, Piece(bare, line.start())))
    return found


def paragraphs_of(lines: list[Line]) -> list[list[Line]]:
    """Runs of lines with no blank line between them."""
    found: list[list[Line]] = []
    open_ = False
    for line in lines:
        if line.is_blank:
            open_ = False
        elif open_:
            found[-1].append(line)
        else:
            found.append([line])
            open_ = True
    return found


def delimiter_of(text: str) -> str:
    """What separates the cells of this line, or empty."""
    if "\t" in text:
        return "\t"
    return next((mark for mark in ";|," if text.count(mark) >= _FEWEST_COMMAS), "")


def cells_of(piece: Piece, delimiter: str) -> list[Piece]:
    """The cells of a line; a cell in quotes may hold the delimiter and comes without its quotes."""
    return list(_cells(piece, delimiter)) if delimiter else [piece]


def _cells(piece: Piece, delimiter: str) -> Iterator[Piece]:
    text, done = piece.text, 0
    while done <= len(text):
        end, inner = _cell_end(text, done, delimiter)
        yield piece.part(*inner)
        done = end + 1


def _cell_end(text: str, start: int, delimiter: str) -> tuple[int, tuple[int, int]]:
    """Where the cell that begins at `start` ends, and which part of it is its content."""
    first = start
    while first < len(text) and text[first] == " ":
        first += 1
    if text[first : first + 1] == '"':
        close = _closing_quote(text, first + 1, delimiter)
        if close is not None:
            end = text.find(delimiter, close + 1)
            return (len(text) if end < 0 else end), (first + 1, close)
    end = text.find(delimiter, start)
    end = len(text) if end < 0 else end
    return end, (start, end)


def _closing_quote(text: str, start: int, delimiter: str) -> int | None:
    at = text.find('"', start)
    while at >= 0:
        following = text[at + 1 : at + 2]
        if following == '"':
            at = text.find('"', at + 2)
            continue
        return at if following in {"", delimiter, " "} else None
    return None
