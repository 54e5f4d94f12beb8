"""An order by e-mail: the address and goods inside the message; the rest is the order's notes."""

import re
from email.utils import parsedate_to_datetime

from orders.intake.paste.cells import Line
from orders.intake.paste.contacts import is_contact_line, take_contacts
from orders.intake.paste.draft import Draft
from orders.intake.paste.facts import take_number, take_service
from orders.intake.paste.flow import read_flow
from orders.intake.paste.goods import take_goods
from orders.intake.paste.labels import is_labelled, labels_in, read_labelled
from orders.intake.paste.records import has_place, is_row
from orders.intake.values.clean_text import Piece

_HEADER = re.compile(
    r"(from|to|cc|date|sent|subject|von|an|datum|betreff|de|objet)\s*:\s*(.*)", re.IGNORECASE
)
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom|hallo"
    r"|guten tag|sehr geehrte|liebe[rs]?|moin|bonjour|salut|madame|hola|buenos d[ií]as"
    r"|estimad|ciao|olá)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:please|could you|can you|i(?:'d| would) like|we(?:'d| would) like|kindly|thanks"
    r"|thank you|bitte|merci|por favor|ship|send|deliver|order)\b",
    re.IGNORECASE,
)
_TO_ADDRESS = re.compile(
    r"\b(?:ship|send|sent|deliver|deliver(?:ed|y)|post|mail|address|goes|go|going|lieferadresse"
    r"|adresse|recipient|dispatch)\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
_NOT_ADDRESS = re.compile(
    r"\b(?:bill|billing|invoice|from|rechnung|return)\b[^.!?]{0,40}:\s*$", re.IGNORECASE
)
_INTRODUCTION = re.compile(
    r"(?:\b(?:ship|send|deliver|post|mail|dispatch)\w*\b[^.!?:]{0,80}?\bto\b"
    r"|\baddress(?: is)?|\bis)\s*:?\s+",
    re.IGNORECASE,
)
_FEWEST_HEADERS = 2
_FEWEST_LABELLED = 3
_TITLE_LENGTH = 120


def is_letter(lines: list[Line]) -> bool:
    """Mail headers, or a greeting or request in words, and not one customer per line."""
    texts = [line.piece.text.strip() for line in lines[:_LINES_LOOKED_AT] if not line.is_blank]
    if len(texts) < 2 and not (texts and _GREETING.match(texts[0])):
        return False
    headers = [found for found in map(_HEADER.match, texts[:8]) if found]
    names = {found.group(1).lower() for found in headers}
    if len(names) >= _FEWEST_HEADERS and names & {"from", "subject", "von", "betreff", "objet"}:
        return True
    if any("\t" in text for text in texts) or sum(map(is_row, texts)) > 1:
        return False
    labelled = sum(bool(labels_in(text)) for text in texts)
    if labelled >= _FEWEST_LABELLED and labelled * 2 > len(texts):
        return False
    greeted = any(_GREETING.match(text) for text in texts[:3])
    asked = sum(bool(_ASKING.search(text)) and len(text.split()) > 4 for text in texts)
    return (greeted and len(texts[0].split()) > 0 and _has_prose(texts)) or asked > 1


_LINES_LOOKED_AT = 200


def _has_prose(texts: list[str]) -> bool:
    return any(_ASKING.search(text) for text in texts) or _GREETING.match(texts[0]) is not None


def read_letter(lines: list[Line], source: str, draft: Draft, skus: frozenset[str]) -> None:
    """Read the recipient's block, then goods and contacts around it; the rest becomes notes."""
    body = _read_headers(lines, draft)
    block = _address_block(body)
    pieces = _pieces_around(body, block, source, draft, skus)
    _read_block(block or [], source, draft, skus)
    if not block:
        pieces = _read_sentence(pieces, source, draft)
    pieces = [rest for piece in pieces for rest in take_contacts([piece], draft)]
    if not draft.has("email") and "_sender" in draft.fields:
        draft.fields["email"] = draft.fields["_sender"]
    draft.fields.pop("_sender", None)
    _read_facts(pieces, draft)
    _keep_as_notes(pieces, body, draft)


def _read_headers(lines: list[Line], draft: Draft) -> list[Line]:
    """Take date, subject and sender from the headers; returns the lines of the message."""
    for number, line in enumerate(lines):
        found = _HEADER.match(line.piece.text.strip())
        if not found and not line.is_blank:
            return lines[number:]
        if found:
            _read_header(found.group(1).lower(), line.piece, draft)
        elif number and draft.labels:
            return lines[number:]
    return lines


def _read_header(name: str, piece: Piece, draft: Draft) -> None:
    draft.labels.append(piece)
    if name in {"from", "von", "de"}:
        sender = Draft(draft.places)
        take_contacts([piece], sender)
        draft.fields["_sender"] = sender.fields.get("email", [])
    elif name in {"date", "sent"}:
        draft.values["date"] = _date(piece.text.partition(":")[2])
    elif name in {"subject", "betreff", "objet"}:
        take_number(piece, draft)


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text.strip()).date().isoformat()
    except (ValueError, TypeError):
        return ""


def _address_block(body: list[Line]) -> list[Line] | None:
    """The lines of the recipient: the block that is introduced as the address, or the first."""
    best: tuple[int, list[Line]] | None = None
    for number, line in enumerate(body):
        if not has_place(line.piece.text) or _is_sentence(line.piece.text):
            continue
        first, last = _around(body, number)
        intro = _introduction(body, first)
        score = 2 * bool(_TO_ADDRESS.search(intro)) - 2 * bool(_NOT_ADDRESS.search(intro))
        if best is None or score > best[0]:
            best = (score, body[first : last + 1])
    return best[1] if best else None


def _is_sentence(text: str) -> bool:
    return bool(_ASKING.search(text)) and len(text.split()) > 8


def _around(body: list[Line], number: int) -> tuple[int, int]:
    first = number
    while first and not body[first - 1].is_blank and not _introduces(body[first - 1].piece.text):
        first -= 1
    last = number
    while last + 1 < len(body) and _belongs(body[last + 1]):
        last += 1
    return first, last


def _belongs(line: Line) -> bool:
    text = line.piece.text.strip()
    return not line.is_blank and (is_contact_line(text) or len(text.split()) <= 3)


def _introduces(text: str) -> bool:
    asks = _ASKING.search(text) and _TO_ADDRESS.search(text) and not any(map(str.isdigit, text))
    if asks:
        return True
    return text.rstrip().endswith(":") or len(text.split()) > 7 or bool(_GREETING.match(text))


def _introduction(body: list[Line], first: int) -> str:
    before = [line.piece.text.strip() for line in body[:first] if not line.is_blank]
    return before[-1] if before else ""


def _read_block(block: list[Line], source: str, draft: Draft, skus: frozenset[str]) -> None:
    if not block:
        return
    start, end = block[0].piece.start, block[-1].piece.end
    if is_labelled(source[start:end]):
        read_labelled(Piece(source[start:end], start), source, draft, skus)
    else:
        read_flow([line.piece for line in block], source, draft)


def _pieces_around(
    body: list[Line],
    block: list[Line] | None,
    source: str,
    draft: Draft,
    skus: frozenset[str],
) -> list[Piece]:
    """The message without the block and without its lines of goods."""
    inside = {line.row for line in block or []}
    found: list[Piece] = []
    for line in body:
        if line.row in inside or line.is_blank:
            continue
        before = len(draft.lines)
        rest = take_goods([line.piece], draft, skus, row=line.row)
        if len(draft.lines) == before + 1 and _is_goods_line(line, draft):
            draft.lines[-1].title = " ".join(piece.value for piece in rest)[:_TITLE_LENGTH]
            draft.fields["goods"].extend(rest)
            rest = []
        found.extend(rest)
    return found


def _is_goods_line(line: Line, draft: Draft) -> bool:
    """`2 x SKU Title`: the goods begin the line, so the rest is their title."""
    head = line.piece.text.strip(" -*•\t")[:12]
    return head[:1].isdigit() or head.startswith(draft.lines[-1].sku[:12])


def _read_sentence(pieces: list[Piece], source: str, draft: Draft) -> list[Piece]:
    """“Please send it to Naomi Ikeda, 418 Chestnut Street, Ann Arbor MI 48104.”"""
    for number, piece in enumerate(pieces):
        if not has_place(piece.text):
            continue
        start = max((found.end() for found in _INTRODUCTION.finditer(piece.text)), default=0)
        end = piece.text.find(". ", start + 20)
        end = len(piece.text) if end < 0 else end
        read_flow([piece.part(start, end)], source, draft)
        around = [piece.part(0, start), piece.part(end)]
        return [*pieces[:number], *around, *pieces[number + 1 :]]
    return pieces


def _read_facts(pieces: list[Piece], draft: Draft) -> None:
    for piece in pieces:
        take_number(piece, draft)
        take_service(piece, draft)


def _keep_as_notes(pieces: list[Piece], body: list[Line], draft: Draft) -> None:
    """Keep each line of the message of which something is left, whole."""
    noted = [piece.value for piece in draft.fields.get("notes", [])]
    kept = [piece for piece in pieces if any(map(str.isalnum, piece.text))]
    starts = {piece.start for piece in kept}
    for piece in kept:
        draft.take("notes", piece)
    lines = [line.piece for line in body if starts & set(range(line.piece.start, line.piece.end))]
    said = [
        draft.values.get("notes", ""),
        *noted,
        *(" ".join(piece.text.split()) for piece in lines),
    ]
    draft.values["notes"] = "\n".join(filter(None, said))
