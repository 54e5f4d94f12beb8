"""Text in its normal form (NFC, no invisible characters) that still knows where it came from."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from orders.intake.parsed import Span

# Zero width, bidirectional marks, soft hyphens, control characters and halves of surrogate pairs.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)
# Every character below U+0300 is in normal form by itself; what follows may join the one before.
_NEEDS_CARE = re.compile("[^\u0300-\U0010ffff]?[\u0300-\U0010ffff]+")
_CLUSTER_LIMIT = 30
"""Longest run of combining marks joined at once, as Unicode's stream-safe text has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the clean text; start counts characters of the clean text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def value(self) -> str:
        """Trimmed, with one blank between words and no separators at the ends."""
        return " ".join(self.text.split()).strip(" ,;|").strip()

    def part(self, start: int, end: int | None = None) -> "Piece":
        """Characters [start, end) of this piece."""
        return Piece(self.text[start:end], self.start + start)

    def words(self) -> list["Piece"]:
        return [
            Piece(found.group(), self.start + found.start()) for found in _WORD.finditer(self.text)
        ]

    def stripped(self) -> "Piece":
        left = len(self.text) - len(self.text.lstrip(_EDGES))
        return Piece(self.text.strip(_EDGES), self.start + left)


_WORD = re.compile(r"\S+")
_EDGES = " \t\r\n\x0b\x0c\x85\xa0\u2003\u3000,;|"


class CleanText:
    """The clean form of a text, and the way back to the characters it was made from."""

    def __init__(self, given: str) -> None:
        self.given = given
        self._starts: list[int] | None = None
        self._ends: list[int] | None = None
        self.text = given
        if not given.isascii() or _INVISIBLE.search(given):
            self._make()

    def span(self, start: int, end: int) -> Span:
        """Where characters [start, end) of the clean text stand in the given text."""
        if self._starts is None or self._ends is None:
            return Span(start, end)
        if end <= start:
            return Span(0, 0)
        return Span(self._starts[start], self._ends[end - 1])

    def _make(self) -> None:
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for text, start, end in _clusters(self.given):
            kept = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
            letters.append(kept)
            whole = len(kept) == end - start
            starts.extend(range(start, end) if whole else [start] * len(kept))
            ends.extend(range(start + 1, end + 1) if whole else [end] * len(kept))
        self.text, self._starts, self._ends = "".join(letters), starts, ends


def _clusters(given: str) -> Iterator[tuple[str, int, int]]:
    """Runs that stay as they are, and single letters with the marks that may join them."""
    done = 0
    for found in _NEEDS_CARE.finditer(given):
        yield from _plain(given, done, found.start())
        yield from _marked(given, found.start(), found.end())
        done = found.end()
    yield from _plain(given, done, len(given))


def _plain(given: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for found in _INVISIBLE.finditer(given, start, end):
        yield given[start : found.start()], start, found.start()
        start = found.end()
    yield given[start:end], start, end


def _marked(given: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    first = start
    for at in range(start + 1, end):
        joins = _joins(given[at - 1], given[at]) and at - first < _CLUSTER_LIMIT
        if not joins:
            yield given[first:at], first, at
            first = at
    yield given[first:end], first, end


def _joins(before: str, letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or not unicodedata.is_normalized(
        "NFC", before + letter
    )
