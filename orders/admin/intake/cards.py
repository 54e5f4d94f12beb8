"""One understood order as staff see and correct it: fields, lines, and what was noticed beside."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from orders.admin.intake import phones
from orders.admin.intake.highlights import Piece, pieces_of
from orders.intake.correcting import LINE_FIELDS, field_named, value_of
from orders.intake.parsed import ParsedLine, ParsedOrder
from orders.services.intake.record import Outcome

FIELDS = (
    ("name", "Name", 3),
    ("company", "Company", 3),
    ("phone", "Phone", 3),
    ("email", "E-mail", 3),
    ("address_1", "Address", 4),
    ("address_2", "Unit, floor", 2),
    ("city", "City", 2),
    ("state", "State", 1),
    ("postal_code", "Postal code", 2),
    ("country", "Country", 1),
    ("wanted_carrier", "Wanted carrier", 2),
    ("wanted_state", "Wanted warehouse state", 2),
    ("shipping_method", "Shipping method", 2),
    ("number", "Order number", 2),
    ("date", "Order date", 2),
    ("currency", "Currency", 2),
    ("notes", "Notes", 6),
)
"""Name, label, and width in sixths of the card."""
_LABELS = {name: label for name, label, _width in FIELDS}
_LISTS = {"wanted_carrier": "carriers", "country": "countries"}
_MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at; `proposal` is a correction as JSON, field to value, or empty."""

    severity: str
    message: str
    next_step: str = ""
    proposal: str = ""


@dataclass(slots=True)
class CardField:
    name: str
    label: str
    width: int
    value: str
    offers: str = ""
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class CardLine:
    values: ParsedLine
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Card:
    """`prefix` begins the name of each of its inputs."""

    prefix: str
    order: ParsedOrder
    fields: list[CardField]
    lines: list[CardLine]
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problem: str = ""
    is_left_out: bool = False

    @property
    def severity(self) -> str:
        """The gravest of everything noted on it."""
        notes = [*self.notes, *(n for f in self.fields for n in f.notes)]
        notes += [n for line in self.lines for n in line.notes]
        said = {note.severity for note in notes} | ({"error"} if self.problem else set())
        return next((s for s in ("error", "warning", "info") if s in said), "")


@dataclass(frozen=True, slots=True)
class Edit:
    """What came back from a card."""

    changes: dict[str, str]
    lines: list[dict[str, str]]
    is_left_out: bool


def card_of(prefix: str, order: ParsedOrder, outcome: Outcome) -> Card:
    fields = [
        CardField(name, label, width, _shown(order, name), _LISTS.get(name, ""))
        for name, label, width in FIELDS
    ]
    lines = [CardLine(line) for line in order.lines]
    card = Card(prefix, order, fields, lines, pieces_of(order.text, order.spans))
    card.problem = outcome.problem
    _place_notes(card, outcome)
    return card


def _shown(order: ParsedOrder, name: str) -> str:
    if name == "phone":
        return phones.shown(order.phone, order.recipient.country)
    return value_of(order, name)


def _place_notes(card: Card, outcome: Outcome) -> None:
    """Each note stands beside its field or line; what belongs to none stands above them."""
    beside = {one.name: one.notes for one in card.fields}
    for name, why in card.order.doubts.items():
        beside.get(field_named(name), card.notes).append(Note("warning", why))
    for found in outcome.found:
        place = (found.line_position or 0) - 1
        note = Note(str(found.severity), found.message, found.next_step, _proposal(found.details))
        if 0 <= place < len(card.lines):
            card.lines[place].notes.append(note)
        else:
            beside.get(field_named(found.field), card.notes).append(note)


def _proposal(details: Mapping[str, object]) -> str:
    after = details.get("after")
    if not isinstance(after, dict):
        return ""
    named = {field_named(name): value for name, value in after.items()}
    return json.dumps({name: value for name, value in named.items() if name in _LABELS})


def edit_of(posted: QueryDict, prefix: str, order: ParsedOrder) -> Edit:
    """Read back a card; a field that was not sent stays as it is."""
    changes = {
        name: _tidy(posted.get(f"{prefix}-{name}", ""))
        for name, _label, _width in FIELDS
        if f"{prefix}-{name}" in posted
    }
    if "phone" in changes:
        changes["phone"] = _phone(changes, order)
    return Edit(changes, list(_lines(posted, prefix)), f"{prefix}-out" in posted)


def _tidy(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _phone(changes: Mapping[str, str], order: ParsedOrder) -> str:
    """Untouched, it is what was understood; typed anew, it is read for the order's country."""
    if changes["phone"] == _tidy(_shown(order, "phone")):
        return order.phone
    return phones.kept(changes["phone"], changes.get("country", order.recipient.country))


def _lines(posted: QueryDict, prefix: str) -> Iterable[dict[str, str]]:
    for place in range(_MOST_LINES):
        names = {name: f"{prefix}-line{place}-{name}" for name in LINE_FIELDS}
        if names["sku"] not in posted:
            return
        yield {name: _tidy(posted.get(sent, "")) for name, sent in names.items()}


def overview(cards: Sequence[Card]) -> dict[str, int]:
    """How many cards have an error, a warning, or nothing to look at."""
    return {
        "errors": sum(card.severity == "error" for card in cards),
        "warnings": sum(card.severity == "warning" for card in cards),
        "clean": sum(card.severity in ("", "info") for card in cards),
    }
