"""Reading the words of a street line: where it begins, where it ends, which of it is the unit."""

import re

from orders.intake.values.street_words import (
    BUSINESS_WORDS,
    DIRECTIONS,
    FRONT_UNITS,
    GLUED_ENDINGS,
    LONE_UNITS,
    NUMBER_WORDS,
    ORGANISATIONS,
    PLAIN_STARTS,
    QUARTERS,
    STREET_ENDINGS,
    STREET_STARTS,
    SURE_ENDINGS,
    UNITS,
)

BOX = re.compile(
    r"(?:(?:p\.? ?o\.?|post office|g\.?p\.?o\.?) ?box\b|p\.?o\.?b\.? \d|post ?fach\b|apartado\b"
    r"|casilla\b|general delivery\b|poste restante\b"
    r"|postlagernd\b|locked bag\b|b\.?p\.? \d|caixa postal\b|skr\. ?poczt|box #?\d)",
    re.IGNORECASE,
)
MILITARY_LINE = re.compile(
    r"(?:psc|cmr|unit|uss|opc|fpo|apo)\b.{0,30}\bbox\b|(?:psc|cmr)\s+\d", re.IGNORECASE
)
RURAL = re.compile(
    r"(?:rr|hc|rfd|hcr|rural route|star route|r\.r\.)\s*#?\d"
    r"|(?:county|state|farm) (?:road|route|rd|highway)\s+\d|km\.? \d",
    re.IGNORECASE,
)
CARE_OF = re.compile(r"(?:c/o|c\.o\.|℅|care of|bei|p\. ?adr\.)(?=\s|:)\s*:?\s*", re.IGNORECASE)
ATTENTION = re.compile(
    r"(?:attn|attention|att|fao|z\.? ?hd\.?|to the attention of|à l'attention de)\b\s*[.:]?\s*",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\d[\w/\-–.½]*|[NSEW]\d+[NSEW]\d+\w*|#\d+", re.IGNORECASE)
_UNIT_ID = re.compile(
    r"#?(?:[a-z]*\d[\w\-/]*|[a-z]{1,2}|one|two|three|four|five|[ivx]+)", re.IGNORECASE
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_UNIT_SPLITS = 6
"""A unit has at most so many words (Bldg 4 Fl 2 Apt 12)."""


def bare(word: str) -> str:
    return word.casefold().strip(".,;:()")


def is_house_number(word: str) -> bool:
    return bool(_HOUSE.fullmatch(word.strip(".,;"))) and not _ORDINAL.fullmatch(word.strip(".,;"))


def is_street_ending(word: str, *, sure: bool = False) -> bool:
    return bare(word) in (SURE_ENDINGS if sure else STREET_ENDINGS)


def is_glued_street(word: str) -> bool:
    """Leopoldstraße, Herengracht, Drottninggatan: the type is part of the name."""
    low = word.casefold().strip(",;")
    return any(low.endswith(ending) and len(low) > len(ending) + 2 for ending in GLUED_ENDINGS)


def is_direction(word: str) -> bool:
    return bare(word) in DIRECTIONS


def street_start(words: list[str], country: str) -> int | None:
    """Index of the word that begins the street, or None; a name may stand before it."""
    for at in range(len(words)):
        if _starts_street(words, at, country):
            return at
    return None


def _starts_street(words: list[str], at: int, country: str) -> bool:
    here = " ".join(words[at : at + 6])
    if BOX.match(here) or MILITARY_LINE.match(here) or RURAL.match(here):
        return True
    word = bare(words[at])
    following = words[at + 1 : at + 5]
    if is_house_number(words[at]) and (following or at == 0):
        return True
    if (
        word in FRONT_UNITS
        and following
        and _UNIT_ID.fullmatch(bare(following[0]))
        and len(words) > at + 2
    ):
        return True
    if word in NUMBER_WORDS and any(is_street_ending(later) for later in following):
        return True
    return country not in {"US", "CA", "AU"} and _starts_foreign(words, at, country)


def _starts_foreign(words: list[str], at: int, country: str) -> bool:
    numbered = any(letter.isdigit() for later in words[at + 1 : at + 6] for letter in later)
    if is_glued_street(words[at]):
        return numbered or at > 0
    starts = STREET_STARTS if country in {"DE", "AT", "CH", "FR", "PL"} else PLAIN_STARTS
    return bare(words[at]) in starts and numbered


def looks_like_street(text: str, country: str) -> bool:
    """Whether a line or cell of its own is a street, a box, a route or a military line."""
    words = text.split()
    if not words or not any(letter.isdigit() for letter in text):
        return bool(words) and len(words) > 1 and is_street_ending(words[-1], sure=True)
    start = street_start(words, country)
    if start == 0:
        return True
    return any(map(is_glued_street, words)) or (is_house_number(words[-1]) and len(words) > 1)


def street_end(words: list[str], start: int) -> int | None:
    """Index after the street that begins at `start`: its type, a direction and units; or None."""
    if BOX.match(" ".join(words[start : start + 4])):
        return _after_number(words, start)
    for at in range(start + 1, len(words) - 1):
        if at > start + 1 and is_street_ending(words[at]):
            return _after_units(words, _after_direction(words, at + 1))
    return None


def _after_number(words: list[str], start: int) -> int | None:
    for at in range(start, len(words)):
        if any(letter.isdigit() for letter in words[at]):
            return at + 1
    return None


def _after_direction(words: list[str], at: int) -> int:
    while at < len(words) - 1 and (_is_second_ending(words[at]) or is_direction(words[at])):
        at += 1
    return at


def _is_second_ending(word: str) -> bool:
    """A further type; `St.` after a type is the saint of a town (King St St. John's)."""
    return is_street_ending(word, sure=True) and bare(word) != "st"


def _after_units(words: list[str], at: int) -> int:
    while at < len(words) - 1 and _is_unit_at(words, at):
        at += 1 if words[at].startswith("#") and len(words[at]) > 1 else 2
    return at


def _is_unit_at(words: list[str], at: int) -> bool:
    word = bare(words[at])
    if word.startswith("#") and len(word) > 1:
        return True
    if word not in UNITS or at + 1 >= len(words):
        return word in LONE_UNITS and at + 1 >= len(words)
    return bool(_UNIT_ID.fullmatch(words[at + 1].strip(".,;")))


def unit_start(words: list[str]) -> int | None:
    """Index of the word where the unit at the end of a street begins, or None."""
    for at in range(max(2, len(words) - _UNIT_SPLITS), len(words)):
        if _is_unit_at(words, at) or _is_ordinal_floor(words, at):
            return at
    return None


def _is_ordinal_floor(words: list[str], at: int) -> bool:
    floors = {"floor", "fl", "flr", "étage"}
    return (
        bool(_ORDINAL.fullmatch(words[at]))
        and at + 1 < len(words)
        and bare(words[at + 1]) in floors
    )


def is_unit(text: str) -> bool:
    """Whether a line or cell of its own is a unit: `Apt 4`, `#12`, `2nd Floor`, `Flat B`."""
    words = text.replace(",", " ").split()
    if not words or len(words) > _UNIT_SPLITS or MILITARY_LINE.match(text):
        return False
    if bare(words[0]) == "flat" and len(words) == 2:
        return True
    return _is_unit_at(words, 0) or _is_ordinal_floor(words, 0) or bare(text) in LONE_UNITS


def is_quarter(text: str) -> bool:
    """Whether a line names a quarter: `Col. Centro`, `Urb. Las Lomas`."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first.casefold() in QUARTERS


def is_organisation(text: str, *, sure: bool = False) -> bool:
    """Whether a line names an organisation; sure: it has a legal form."""
    words = [word.casefold().strip(",;") for word in text.split()]
    if any(word in ORGANISATIONS for word in words[1:]):
        return True
    return not sure and any(word.strip(".") in BUSINESS_WORDS for word in words)
