"""E-mail addresses and phone numbers, taken out of the pieces they stand in."""

import re

from orders.intake.paste.draft import Draft
from orders.intake.values.clean_text import Piece
from orders.intake.values.phones import looks_like_phone, to_e164
from orders.intake.values.places import NoPlaces

_EMAIL = re.compile(r"[\w.+\-'&]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")
_PHONE = re.compile(
    r"(?<![\w#/])(?:\+|\(\+?)?\d[\d().\-/‐‑–]*(?:[ \u00a0]{1,2}[(]?\d[\d().\-/‐‑–]*){0,6}"
    r"(?:[ ,]{0,2}(?:ext\.?|extension|x)\s?\d{1,6}\b)?",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\b(?:e-?mail|mail|phone|tel|telephone|mobile|cell|mob|ph|tél|fon|telefon|fax)\b\.?\s*:?\s*$",
    re.IGNORECASE,
)
_US_SHAPE = re.compile(r"\(?\d{3}\)?[ .\-‐‑–]?\d{3}[ .\-‐‑–]?\d{4}(?!\d)")
_LONG_ZIP = re.compile(r"\d{5}[-‐‑–]?\d{4}")
_SHORTEST_NATIONAL, _SHORTEST_US, _LONGEST_TRUNK, _LONGEST = 9, 10, 12, 15
"""In digits; E.164 allows no more than 15."""
_HINT_REACH = 14


def take_contacts(pieces: list[Piece], draft: Draft) -> list[Piece]:
    """Give the draft its e-mail and phone; return what is left of the pieces, in order."""
    rest = pieces
    if any("@" in piece.text for piece in pieces):
        rest = [part for piece in pieces for part in _without_email(piece, draft)]
    rest = [part for piece in rest for part in _without_phone(piece, draft)]
    return [part for piece in rest for part in _without_more_phones(piece, draft)]


def _without_email(piece: Piece, draft: Draft) -> list[Piece]:
    found = _EMAIL.search(piece.text)
    if not found or draft.has("email"):
        return [piece]
    draft.take("email", piece.part(*found.span()))
    return _around(piece, found.start(), found.end(), draft)


def _around(piece: Piece, start: int, end: int, draft: Draft) -> list[Piece]:
    """What stands before and after, without `Phone:` and brackets."""
    hint = _HINT.search(piece.text, max(0, start - _HINT_REACH), start)
    if hint:
        draft.labels.append(piece.part(hint.start(), start))
        start = hint.start()
    parts = [piece.part(0, start), piece.part(end)]
    return [part for part in parts if any(map(str.isalnum, part.text))] or []


def _without_phone(piece: Piece, draft: Draft) -> list[Piece]:
    if draft.has("phone"):
        return [piece]
    whole = piece.text.strip()
    if looks_like_phone(whole) and _is_phone_cell(whole):
        draft.take("phone", piece.stripped())
        return []
    for found in _PHONE.finditer(piece.text):
        span = _phone_within(piece.text, found.start(), found.end())
        if span:
            draft.take("phone", piece.part(*span))
            return _around(piece, *span, draft)
    return [piece]


def _without_more_phones(piece: Piece, draft: Draft) -> list[Piece]:
    """Further phones, told by their shape alone, are notes: an order has one."""
    for found in _SURE_PHONE.finditer(piece.text) if draft.has("phone") else ():
        if not _LONG_ZIP.fullmatch(found.group()):
            draft.take("notes", piece.part(*found.span()))
            rest = _around(piece, *found.span(), draft)
            return [part for one in rest for part in _without_more_phones(one, draft)]
    return [piece]


_SURE_PHONE = re.compile(
    r"(?<![\w#/.\-])(?:\+?1[ .\-])?(?:\(\d{3}\) ?|\d{3}[.\-])\d{3}[.\-]\d{4}(?![\w\-])"
)


def _is_phone_cell(text: str) -> bool:
    """A cell of nothing but a number: ten digits, or a plus; a ZIP+4 has nine."""
    digits = sum(map(str.isdigit, text))
    if _LONG_ZIP.fullmatch(text):
        return False
    shortest = _SHORTEST_NATIONAL if text.startswith(("+", "0", "(")) else _SHORTEST_US
    return digits >= shortest


def _phone_within(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The phone in a run of numbers, where house numbers and ZIPs may stand beside it."""
    ends = [found.end() for found in re.finditer(r"\S+", text[start:end])]
    starts = [found.start() for found in re.finditer(r"\S+", text[start:end])]
    for first in starts:
        for last in reversed(ends):
            if last > first and _is_phone(text[start + first : start + last]):
                return start + first, start + last
    return None


def _is_phone(text: str) -> bool:
    digits = "".join(filter(str.isdigit, text))
    if _LONG_ZIP.fullmatch(text):
        return False
    if text.lstrip("(").startswith("+"):
        return bool(to_e164(text, "")) and not _has_stray_number(text)
    number = re.split(r"[ ,]*(?:ext|x)", text, flags=re.IGNORECASE)[0].strip()
    if _US_SHAPE.fullmatch(number.removeprefix("1-").removeprefix("1 ").removeprefix("1.")):
        return True
    if number.startswith(("00", "011")) and len(digits) > _SHORTEST_US:
        return bool(to_e164(text, ""))
    if number.startswith(("0", "(0")):
        return _is_trunk_number(number)
    return " " not in number and _SHORTEST_US <= len(digits) <= _LONGEST and "/" not in number


def _is_trunk_number(number: str) -> bool:
    """National with its trunk zero: 07700 900277, 0491 570 156, 030/1234567."""
    groups = re.findall(r"\d+", number)
    total = sum(map(len, groups))
    return _SHORTEST_NATIONAL <= total <= _LONGEST_TRUNK and len(groups[0]) > 1 < len(groups[-1])


def _has_stray_number(text: str) -> bool:
    """+1 503 555 0149 1111 is a phone and a house number: ten digits end a +1 number."""
    digits = "".join(filter(str.isdigit, re.split(r"[ ,]*(?:ext|x)", text, flags=re.IGNORECASE)[0]))
    return digits.startswith("1") and len(digits) > _SHORTEST_US + 1


def is_contact_line(text: str) -> bool:
    """Whether a line says nothing but how to reach somebody."""
    bare = _LEADING_HINT.sub("", text.strip())
    return (
        bool(_EMAIL.fullmatch(bare))
        or looks_like_phone(bare)
        or bool(_HINT.search(text[:30] + ":"))
    )


_LEADING_HINT = re.compile(
    r"(?:e-?mail|mail|phone|tel|telephone|mobile|cell|ph|fax)\b\.?\s*:?\s*", re.IGNORECASE
)


def without_contacts(text: str) -> str:
    """The text with its e-mail address and phone number cut out."""
    rest = take_contacts([Piece(text, 0)], Draft(NoPlaces()))
    return " ".join(piece.text for piece in rest)
