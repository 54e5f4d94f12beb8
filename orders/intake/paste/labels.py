"""Labelled text (`Name: …; City: …`, one label a line) and rows under a row of titles."""

import re
from dataclasses import dataclass

from orders.intake.parsed import ParsedLine
from orders.intake.paste.draft import Draft
from orders.intake.paste.flow import read_flow
from orders.intake.paste.goods import take_goods
from orders.intake.paste.label_words import LONGEST_LABEL, field_of_label
from orders.intake.paste.preset import carrier_named
from orders.intake.values.addresses import ATTENTION
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code
from orders.intake.values.states import state_code

_AFTER_LABEL = re.compile(r"[:：=]|(?<= )[-–—](?= )")
_SURE_MARKS = ":：="
_NAME_PARTS = {"first_name", "last_name"}
_FEWEST_LABELS = 2
_FEWEST_TITLES = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A label and where it stands; its value runs to the next label."""

    field: str
    start: int
    end: int


def labels_in(text: str) -> list[Label]:
    """Every known label before a colon, in order."""
    found: list[Label] = []
    for colon in _AFTER_LABEL.finditer(text):
        label = _label_before(text, colon.start())
        if label and (colon.group() in _SURE_MARKS or _opens_line(text, label[1])):
            found.append(Label(label[0], label[1], colon.end()))
    return found


def _opens_line(text: str, at: int) -> bool:
    before = text[max(0, at - LONGEST_LABEL) : at]
    return not before[before.rfind("\n") + 1 :].strip()


def _label_before(text: str, colon: int) -> tuple[str, int] | None:
    from_ = max(0, colon - LONGEST_LABEL)
    line = max(text.rfind("\n", from_, colon), text.rfind("\t", from_, colon), from_ - 1) + 1
    first = line + len(text[line:colon]) - len(text[line:colon].lstrip())
    if field_of_label(text[first:colon]):
        return field_of_label(text[first:colon]), first
    for separator in ",;|":
        line = max(line, text.rfind(separator, line, colon) + 1)
    words = list(re.finditer(r"\S+", text[line:colon]))[-4:]
    for word in words:
        field = field_of_label(text[line + word.start() : colon])
        if field:
            return field, line + word.start()
    return None


def is_labelled(text: str) -> bool:
    labels = labels_in(text) if _AFTER_LABEL.search(text) else []
    return len({label.field for label in labels}) >= _FEWEST_LABELS


def read_labelled(piece: Piece, source: str, draft: Draft, skus: frozenset[str]) -> None:
    """Read one labelled customer; text before the first label is read as free text."""
    labels = labels_in(piece.text)
    given: list[tuple[str, Piece]] = []
    loose = _lines(piece.part(0, labels[0].start))
    ends = [label.start for label in labels[1:]] + [len(piece.text)]
    for label, end in zip(labels, ends, strict=True):
        draft.labels.append(piece.part(label.start, label.end))
        value, rest = _value_and_rest(label.field, piece.part(label.end, end).stripped())
        given.append((label.field, _unquoted(value)))
        loose.extend(rest)
    give_fields(given, source, draft, skus, loose=loose)


def _unquoted(piece: Piece) -> Piece:
    """A value of JSON without its quotes."""
    if not piece.text.startswith('"'):
        return piece
    end = piece.text.find('"', 1)
    return piece.part(1, end) if end > 0 else piece.part(1)


def _value_and_rest(field: str, piece: Piece) -> tuple[Piece, list[Piece]]:
    """A label speaks for the rest of its line; an address, goods and notes for all that follows."""
    lines = _lines(piece)
    if field in _LONG_FIELDS or len(lines) < 2:
        return piece, []
    return lines[0].stripped(), lines[1:]


_LONG_FIELDS = frozenset({"address", "items", "notes"})


def without_heading_label(line: Piece, draft: Draft) -> Piece:
    """A line of a block without its `To:`, which says only that an address begins."""
    labels = labels_in(line.text)
    if len(labels) != 1 or labels[0].field not in _OPENING or line.text[: labels[0].start].strip():
        return line
    if ATTENTION.match(line.text.strip()):
        return line
    draft.labels.append(line.part(labels[0].start, labels[0].end))
    return line.part(labels[0].end)


_OPENING = frozenset({"name", "address", "address_1"})


def titles_of(cells: list[Piece]) -> list[str] | None:
    """The fields of a row of titles, or None when it is none; an unknown title is empty."""
    fields = [field_of_label(cell.value) for cell in cells]
    filled = [cell for cell in cells if cell.value]
    known = len({field for field in fields if field})
    return fields if known >= _FEWEST_TITLES and known * 2 > len(filled) else None


_PLACED = frozenset({"city", "postal_code", "place"})


def give_fields(
    given: list[tuple[str, Piece]],
    source: str,
    draft: Draft,
    skus: frozenset[str],
    loose: list[Piece],
) -> None:
    """Give each labelled piece to its field; an address in one piece is read as free text."""
    named = {field for field, piece in given if piece.text.strip()}
    for field, piece in given:
        if not piece.text.strip():
            continue
        if field == "address":
            loose = [*loose, *_lines(piece)] if not named & _PLACED else loose
            if named & _PLACED:
                draft.take("address_1", piece)
        elif field == "place":
            loose = [*loose, piece]
        else:
            _give(field, piece, draft, skus, _quantity_of(given))
    if loose:
        read_flow(loose, source, draft)


def _quantity_of(given: list[tuple[str, Piece]]) -> Piece | None:
    return next((piece for field, piece in given if field == "quantity"), None)


def _give(
    field: str, piece: Piece, draft: Draft, skus: frozenset[str], quantity: Piece | None
) -> None:
    if field in _NAME_PARTS:
        pieces = draft.fields.setdefault("name", [])
        pieces.insert(0 if field == "first_name" else len(pieces), piece)
    elif field == "items":
        _give_items(piece, draft, skus, quantity)
    elif field == "quantity":
        return
    elif field == "shipping_method":
        _give_service(piece, draft)
    elif field == "wanted_carrier":
        draft.values[field] = carrier_named(piece.value) or piece.value
        draft.take(field, piece)
    elif field == "attention":
        _give_attention(piece, draft)
    elif field == "wanted_state":
        draft.values[field] = state_code(piece.value, "US") or piece.value
        draft.take(field, piece)
    elif field == "name" and draft.has("name") and not draft.has("company"):
        draft.take("company" if not draft.has("company") else "notes", piece)
    else:
        _give_plain(field, piece, draft)


def _give_service(piece: Piece, draft: Draft) -> None:
    draft.take("shipping_method", piece)
    carrier = carrier_named(piece.value) if piece.value else ""
    if carrier and not draft.has("wanted_carrier"):
        draft.values["wanted_carrier"] = carrier


def _give_attention(piece: Piece, draft: Draft) -> None:
    """The person; what stood as the name is then the company."""
    if draft.has("name") and not draft.has("company"):
        draft.fields["company"] = draft.fields.pop("name")
    draft.take("address_2" if draft.has("name") else "name", piece)


def _give_plain(field: str, piece: Piece, draft: Draft) -> None:
    if field == "country":
        draft.country = country_code(piece.value)
    if field in {"phone", "email", "postal_code", "country", "city", "state"} and draft.has(field):
        field = "notes"
    draft.take(field, piece)


def _give_items(piece: Piece, draft: Draft, skus: frozenset[str], quantity: Piece | None) -> None:
    if quantity is not None and quantity.value.isdigit():
        draft.lines.append(ParsedLine(sku=piece.value, quantity=quantity.value))
        draft.take("goods", piece)
        draft.take("goods", quantity)
        return
    for part in _lines(piece):
        take_goods([part], draft, skus, certain=True, row=None)


def _lines(piece: Piece) -> list[Piece]:
    found = [piece.part(*line.span()) for line in re.finditer(r"[^\r\n]+", piece.text)]
    return [line for line in found if line.text.strip(" ,;|\t")]
