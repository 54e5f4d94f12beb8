"""Lines of goods inside pasted text: `2 x MUG-BLU`, `MUG-BLU x2`, “two MUG-BLU”."""

import re

from orders.intake.parsed import ParsedLine
from orders.intake.paste.draft import Draft
from orders.intake.values.clean_text import Piece

_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_QUANTITY_WORDS = {word: str(number) for number, word in enumerate(_NUMBERS) if number} | {
    "a": "1", "an": "1", "single": "1", "couple": "2", "pair": "2", "dozen": "12",
}  # fmt: skip
_TOKEN = re.compile(r"[^\s,;()|]+")
_TIMES = r"(?:x|×|X|\*)"
_COUNT = re.compile(rf"(\d{{1,5}}){_TIMES}?|{_TIMES}(\d{{1,5}})|{_TIMES}")
_SKU_SHAPE = re.compile(r"(?=[^a-z]*[A-Z])(?=\w*[-_.\d])[A-Z0-9]+(?:[-_.][A-Z0-9]+){0,6}")
_FAR = 7
"""A quantity in words stands at most so many words before its SKU."""


def take_goods(
    pieces: list[Piece],
    draft: Draft,
    skus: frozenset[str],
    *,
    certain: bool = False,
    row: int | None,
) -> list[Piece]:
    """Take lines of goods out of the pieces; `certain`: the text is known to be goods."""
    rest: list[Piece] = []
    for piece in pieces:
        rest.extend(_take_from(piece, draft, skus, certain=certain, row=row))
    return rest


def is_goods_line(piece: Piece, skus: frozenset[str]) -> bool:
    """Whether a line says how many of what, with at most a title behind it: `2 x MUG-BLU Mug`."""
    text = piece.text.strip(" -*•·")
    if not text or len(text) > _LONGEST_GOODS_LINE or "@" in text or "\t" in text:
        return False
    words = [Piece(found.group(), found.start()) for found in _TOKEN.finditer(text)]
    for at in range(min(len(words), _FIRST_WORDS)):
        goods = _goods_at(words, at, skus, certain=False)
        if goods is not None:
            counted, said = goods
            return len(words) == 1 or (bool(counted) and all(word in said for word in words[:at]))
    return False


_LONGEST_GOODS_LINE = 200
_FIRST_WORDS = 3
"""`2`, `x` and the SKU."""


def _take_from(
    piece: Piece, draft: Draft, skus: frozenset[str], *, certain: bool, row: int | None
) -> list[Piece]:
    if not _may_hold_goods(piece.text, skus, certain=certain):
        return [piece]
    words = [piece.part(*found.span()) for found in _TOKEN.finditer(piece.text)]
    taken: list[Piece] = []
    for at, word in enumerate(words):
        quantity = _goods_at(words, at, skus, certain=certain)
        if quantity is None:
            continue
        count, used = quantity
        draft.lines.append(ParsedLine(sku=word.text.strip(".:"), quantity=count, row=row))
        taken.extend([*used, word])
    for word in taken:
        draft.take("goods", word)
    return _without(piece, taken)


def _may_hold_goods(text: str, skus: frozenset[str], *, certain: bool) -> bool:
    if certain or _TIMES_SOMEWHERE.search(text):
        return True
    return bool(skus) and any(
        found.casefold().strip(".:") in skus for found in _TOKEN.findall(text)
    )


_TIMES_SOMEWHERE = re.compile(r"(?<![^\W\d])[x×X](?![^\W\d])")


def _goods_at(
    words: list[Piece], at: int, skus: frozenset[str], *, certain: bool
) -> tuple[str, list[Piece]] | None:
    """The quantity of the SKU at this word and the words that say it; None when it is no SKU."""
    text = words[at].text.strip(".:")
    known = text.casefold() in skus
    if not known and not _SKU_SHAPE.fullmatch(text):
        return None
    marked = _marked_quantity(words, at, plain=known or certain)
    if marked:
        return marked
    if known:
        return _worded_quantity(words, at) or ("", [])
    return ("1", []) if certain else None


def _marked_quantity(words: list[Piece], at: int, *, plain: bool) -> tuple[str, list[Piece]] | None:
    """`2 x SKU`, `2x SKU`, `SKU x2`, `SKU x 2`; plain: `2 SKU` and `SKU 2` too."""
    before = [words[at - 1]] if at else []
    if (
        before
        and before[0].text in {"x", "X", "×", "*"}
        and at > 1
        and words[at - 2].text.isdigit()
    ):
        return str(int(words[at - 2].text)), words[at - 2 : at]
    after = words[at + 1 : at + 3]
    if len(after) > 1 and after[0].text in {"x", "X", "×", "*"} and after[1].text.isdigit():
        return str(int(after[1].text)), after
    for near in (*before, *after[:1]):
        found = _COUNT.fullmatch(near.text)
        digits = (found.group(1) or found.group(2)) if found else ""
        if digits and (plain or not near.text.isdigit()):
            return str(int(digits)), [near]
    return None


def _worded_quantity(words: list[Piece], at: int) -> tuple[str, list[Piece]] | None:
    """“one lavender candle (CDL-LAV-8)”: the nearest number before the SKU, in words or figures."""
    for back in range(at - 1, max(-1, at - _FAR - 1), -1):
        word = words[back].text.casefold()
        if word in _QUANTITY_WORDS:
            return _QUANTITY_WORDS[word], [words[back]]
        if word.isdigit() and len(word) < 4:
            return str(int(word)), [words[back]]
    return None


def _without(piece: Piece, taken: list[Piece]) -> list[Piece]:
    """The parts of a piece between the words that were taken."""
    rest: list[Piece] = []
    done = piece.start
    for word in sorted(taken, key=lambda part: part.start):
        rest.append(piece.part(done - piece.start, word.start - piece.start))
        done = word.end
    rest.append(piece.part(done - piece.start))
    return [part for part in rest if any(map(str.isalnum, part.text))]
