"""The given text cut into pieces, each knowing which field was read from it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orders.intake.correcting import field_named
from orders.intake.parsed import Span

_LINE_WORDS = frozenset({"goods", "lines", "sku", "quantity", "unit_price", "title"})


@dataclass(frozen=True, slots=True)
class Piece:
    """`field` is empty for words between the fields."""

    text: str
    field: str = ""


def pieces_of(text: str, spans: Mapping[str, Iterable[Span]]) -> list[Piece]:
    """Joined, the pieces are the text again; where spans overlap, the first one wins."""
    marks = sorted(
        (span.start, span.end, field_of(name)) for name, found in spans.items() for span in found
    )
    return list(_cut(text, marks))


def field_of(name: str) -> str:
    """The field beside which a span belongs: any part of the goods is `lines`."""
    return "lines" if name in _LINE_WORDS else field_named(name)


def within(text: str, whole: str, spans: Mapping[str, list[Span]]) -> dict[str, list[Span]]:
    """Spans into the whole text as spans into its part `text`; as they are if it is no part."""
    ends = [(span.start, span.end) for found in spans.values() for span in found]
    if not ends:
        return {}
    first, last = min(start for start, _end in ends), max(end for _start, end in ends)
    at = whole.find(text, max(0, last - len(text)), first + len(text))
    if at < 0:
        return dict(spans)
    return {
        name: [Span(span.start - at, span.end - at) for span in found]
        for name, found in spans.items()
    }


def _cut(text: str, marks: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    at = 0
    for start, end, field in marks:
        if start < at or end <= start or end > len(text):
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], field)
        at = end
    if at < len(text):
        yield Piece(text[at:])
