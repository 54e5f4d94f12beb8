"""What is said beside an address: the number of the order, the carrier or service wished for."""

import re

from orders.intake.paste.draft import Draft
from orders.intake.paste.preset import CARRIERS
from orders.intake.values.clean_text import Piece

_ORDER = r"(?:order|reference|ref|po|purchase order|invoice|bestellung|commande)"
_IDENTITY = r"((?:[A-Z]{1,4}-?)?\d[\w\-]{2,20})"
_NUMBER = re.compile(
    rf"\b{_ORDER}\b\.?(?: (?:number|no\.?|nr\.?|is))*\s{{0,3}}[:#]{{0,2}}\s{{0,3}}{_IDENTITY}",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"\b(UPS|FedEx|DHL|USPS)\b(?: (?:ground|express|priority|mail|first|class|next|2nd|second|day"
    r"|air|overnight|2day|home|delivery|standard|saver|worldwide|economy|international|expedited)"
    r"\b){0,5}",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:please|ship|shipping|shipped|send|sent|deliver|delivery|method|service|via|by|with|use|only"
    r"|carrier|thanks|it|\W)*",
    re.IGNORECASE,
)
_LONGEST = 80
"""A line that says nothing but such a fact is no longer."""


_LEADING = re.compile(
    rf"\s{{0,9}}{_ORDER}\s{{0,3}}[:#]{{0,2}}\s{{0,3}}([\w\-]{{1,24}})\s?[:–-]\s", re.IGNORECASE
)


def without_leading_number(piece: Piece, draft: Draft) -> Piece:
    """`Order 1234: Sue Gray, …` without what stands before the colon."""
    found = _LEADING.match(piece.text)
    if not found or not any(map(str.isdigit, found.group(1))):
        return piece
    draft.take("number", piece.part(*found.span(1)))
    draft.labels.append(piece.part(0, found.end()))
    return piece.part(found.end())


def take_fact_lines(pieces: list[Piece], draft: Draft) -> list[Piece]:
    """Take lines or cells that say only a number or a carrier; return the others."""
    return [piece for piece in pieces if not _is_fact(piece, draft)]


def _is_fact(piece: Piece, draft: Draft) -> bool:
    bare = piece.stripped()
    if len(bare.text) > _LONGEST:
        return False
    number = _NUMBER.fullmatch(bare.text)
    if number and not draft.has("number"):
        take_number(bare, draft)
        draft.labels.append(bare)
        return True
    return take_service_aside(bare, draft)


def take_service_aside(piece: Piece, draft: Draft) -> bool:
    """Take “ship via UPS Ground please”: a service and words that only ask for it."""
    found = _SERVICE.search(piece.text[:_LONGEST])
    if not found or draft.has("shipping_method"):
        return False
    around = piece.text[: found.start()] + " " + piece.text[found.end() :]
    if not _ASIDE.fullmatch(around[: 2 * _LONGEST]) or len(around) > _LONGEST:
        return False
    take_service(piece, draft)
    draft.labels.append(piece)
    return True


def take_service(piece: Piece, draft: Draft) -> None:
    """Take the first service named in the text, and its carrier as the one wanted."""
    found = _SERVICE.search(piece.text)
    if not found or draft.has("shipping_method"):
        return
    draft.take("shipping_method", piece.part(*found.span()))
    if not draft.has("wanted_carrier"):
        draft.values["wanted_carrier"] = CARRIERS[found.group(1).lower()]


def take_number(piece: Piece, draft: Draft) -> None:
    """Take the first number of an order that the text names."""
    found = _NUMBER.search(piece.text)
    if found and not draft.has("number"):
        draft.take("number", piece.part(*found.span(1)))
