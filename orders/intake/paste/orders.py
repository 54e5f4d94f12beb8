"""From a finished draft to the order and its remarks, with spans into the text as it was given."""

import re
from dataclasses import replace

from orders.intake.parsed import ParsedOrder, Recipient, Remark, Severity, Span
from orders.intake.paste.draft import Draft
from orders.intake.values.clean_text import CleanText, Piece

_RECIPIENT = (
    "name", "company", "address_1", "address_2", "city", "state", "postal_code", "country",
)  # fmt: skip
_PLAIN = (
    "number", "date", "shipping_method", "email", "phone", "wanted_carrier", "wanted_state",
    "notes",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_LONGEST_QUOTE = 200
_QUOTED_WORDS = 60
"""A remark names so many words; the spans of `left_over` have them all."""


def order_of(draft: Draft, source: CleanText, start: int, end: int) -> ParsedOrder:
    """The order that was read from characters [start, end) of the clean text."""
    order = ParsedOrder(
        recipient=Recipient(**{name: draft.text_of(name) for name in _RECIPIENT}),
        lines=[replace(line, row=line.row or draft.rows[0]) for line in draft.lines],
        rows=draft.rows,
        text=_given(source, start, end),
        doubts=draft.doubts,
    )
    for name in _PLAIN:
        setattr(order, name, draft.text_of(name))
    pieces = draft.fields | ({"labels": draft.labels} if draft.labels else {})
    order.spans = {name: _spans(found, source) for name, found in pieces.items()}
    return order


def left_over(draft: Draft, source: CleanText, start: int, end: int) -> list[Piece]:
    """Words of [start, end) that no field and no label took."""
    taken = [piece for pieces in draft.fields.values() for piece in pieces] + draft.labels
    edges = _joined(sorted((piece.start, piece.end) for piece in taken))
    found: list[Piece] = []
    at = 0
    for word in _WORD.finditer(source.text, start, end):
        while at < len(edges) and edges[at][1] <= word.start():
            at += 1
        if at == len(edges) or edges[at][0] > word.start() or edges[at][1] < word.end():
            found.append(Piece(word.group(), word.start()))
    return found


def _joined(edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges that touch or overlap are one."""
    found: list[tuple[int, int]] = []
    for start, end in edges:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def remarks_of(order: ParsedOrder, left: list[Piece], source: CleanText) -> list[Remark]:
    """A warning per doubt, and one that names the words left over."""
    row = order.rows[0]
    found = [
        Remark(row, name, Severity.WARNING, f"doubtful_{name}", why)
        for name, why in order.doubts.items()
    ]
    if left:
        order.spans["left_over"] = _spans(left, source)
        words = " ".join(piece.text for piece in left[:_QUOTED_WORDS])
        more = f" and {len(left) - _QUOTED_WORDS} more words" if len(left) > _QUOTED_WORDS else ""
        said = f"No field took these words: “{words}”{more}. Put them where they belong."
        found.append(Remark(row, "notes", Severity.WARNING, "left_over", said))
    return found


def shortened(text: str) -> str:
    """One line of at most 200 characters, to quote."""
    quoted = " ".join(text[: 2 * _LONGEST_QUOTE].split())
    return quoted if len(quoted) <= _LONGEST_QUOTE else quoted[:_LONGEST_QUOTE] + "…"


def refusal(row: int, text: str, why: str) -> Remark:
    quoted = shortened(text)
    said = (
        f"Line {row} was not read as a customer: {why}. It says “{quoted}”. "
        "Correct it or leave it out."
    )
    return Remark(row, "row", Severity.ERROR, "not_a_customer", said)


def _given(source: CleanText, start: int, end: int) -> str:
    span = source.span(start, end)
    return source.given[span.start : span.end]


def _spans(pieces: list[Piece], source: CleanText) -> list[Span]:
    bare = (piece.stripped() for piece in pieces)
    return [source.span(piece.start, piece.end) for piece in bare if piece.text]
