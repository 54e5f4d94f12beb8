"""The words of one customer's text that no field has taken yet, with the breaks between them."""

import re
from dataclasses import dataclass

from orders.intake.values.clean_text import Piece
from orders.intake.values.street_words import words_of

_WORD = re.compile(r"[^\s,;|]+")
_BREAK = re.compile(r"[,;|\t\r\n]|(?<!\d)\s[-–—•·/]\s|\s[-–—•·/]\s(?!\d)")
_MARK = re.compile(r"c/o:?|attn\.?:?|attention:|℅", re.IGNORECASE)
"""Words that begin a new part though no comma stands before them."""
_AFTERTHOUGHTS = words_of(
    "inc llc ltd jr sr ii iii iv md phd esq co corp dds cpa rn gmbh lp llp pc"
)


@dataclass(slots=True)
class Word:
    piece: Piece
    chunk: int
    """Number of the part between commas, tabs or line ends."""
    line: int
    at: int = 0
    """Place among all words; a gap shows where words were taken."""

    @property
    def text(self) -> str:
        return self.piece.text


class Ground:
    """A list of words from which fields take their part; never grows."""

    def __init__(self, pieces: list[Piece], source: str) -> None:
        self.source = source
        self.words = _words(pieces)
        for at, word in enumerate(self.words):
            word.at = at

    def source_of_words(self) -> str:
        return " ".join(word.text for word in self.words)

    def chunks(self) -> list[list[Word]]:
        found: list[list[Word]] = []
        for word in self.words:
            if found and _is_next(found[-1][-1], word):
                found[-1].append(word)
            else:
                found.append([word])
        return found

    def piece(self, words: list[Word]) -> Piece:
        """The text from the first to the last of these words."""
        start, end = words[0].piece.start, words[-1].piece.end
        return Piece(self.source[start:end], start)

    def remove(self, words: list[Word]) -> None:
        gone = {id(word) for word in words}
        self.words = [word for word in self.words if id(word) not in gone]


def _is_next(before: Word, word: Word) -> bool:
    return before.chunk == word.chunk and before.at + 1 == word.at


def text_of(words: list[Word]) -> str:
    return " ".join(word.text for word in words).strip(" .,;()")


def _words(pieces: list[Piece]) -> list[Word]:
    words: list[Word] = []
    chunk = 0
    for line, piece in enumerate(pieces):
        done = 0
        for found in _BREAK.finditer(piece.text):
            chunk = _add(words, piece, done, found.start(), chunk, line)
            done = found.end()
        chunk = _add(words, piece, done, len(piece.text), chunk, line)
    return words


def _trimmed(piece: Piece) -> Piece:
    """Without the full stop after a number: the end of a sentence, not of a code."""
    bare = piece.text.rstrip(".:")
    return Piece(bare, piece.start) if bare[-1:].isdigit() else piece


def _add(words: list[Word], piece: Piece, start: int, end: int, chunk: int, line: int) -> int:
    """Words of one part; returns the number of the next part."""
    added = [
        Word(_trimmed(Piece(found.group(), piece.start + found.start())), chunk, line)
        for found in _WORD.finditer(piece.text, start, end)
        if any(map(str.isalnum, found.group())) or found.group() == "&"
    ]
    if not added:
        return chunk
    afterthought = len(added) == 1 and added[0].text.casefold().strip(".") in _AFTERTHOUGHTS
    if afterthought and words and words[-1].line == line:
        added[0].chunk = words[-1].chunk
        words.extend(added)
        return chunk
    for word in added:
        if word is not added[0] and _MARK.fullmatch(word.text):
            chunk += 1
        word.chunk = chunk
    words.extend(added)
    return chunk + 1
