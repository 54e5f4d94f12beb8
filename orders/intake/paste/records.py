"""Which lines belong to one customer: a row each, a block, labelled lines, rows under titles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from orders.intake.paste.cells import Line, cells_of, delimiter_of
from orders.intake.paste.contacts import is_contact_line, without_contacts
from orders.intake.paste.goods import is_goods_line
from orders.intake.paste.labels import is_labelled, labels_in, titles_of
from orders.intake.values.addresses import BOX, MILITARY_LINE, is_street_ending, street_start
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code
from orders.intake.values.postal_codes import country_shown
from orders.intake.values.states import countries_of_state

_FEWEST_CELLS = 3
_LOCAL_NUMBER = re.compile(r"\d{3}[-. ]?\d{4}")
_CODE_WORD = re.compile(r"\d{4,5}(?:-\d{3,4})?")


@dataclass(slots=True)
class Record:
    """Lines of one customer; with `titles`, one line whose cells have these fields."""

    lines: list[Line]
    titles: list[str] = field(default_factory=list)
    title_cells: list[Piece] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        """Whether it is the row of titles itself."""
        return (
            bool(self.titles) and self.lines[0].piece.start <= self.title_cells[0].start <= self.end
        )

    @property
    def piece(self) -> Piece:
        """Meaningful for the start only; the text is cut from the source by the reader."""
        return self.lines[0].piece

    @property
    def end(self) -> int:
        return self.lines[-1].piece.end


def records_of(paragraphs: list[list[Line]], skus: frozenset[str] = frozenset()) -> list[Record]:
    """Split paragraphs into customers; titles hold until lines come that have no such cells."""
    return _joined_goods(_records_of(paragraphs), skus)


def _joined_goods(records: list[Record], skus: frozenset[str]) -> list[Record]:
    """What was ordered, in lines of its own, belongs to the customer above."""
    found: list[Record] = []
    for record in records:
        untitled = found and not found[-1].titles and not record.titles
        if untitled and all(is_goods_line(line.piece, skus) for line in record.lines):
            found[-1].lines.extend(record.lines)
        else:
            found.append(record)
    return found


def _records_of(paragraphs: list[list[Line]]) -> list[Record]:
    found: list[Record] = []
    titled: Record | None = None
    for paragraph in _parts_of(paragraphs):
        rest = paragraph
        heading = _heading(paragraph[0])
        if heading:
            titled, rest = heading, paragraph[1:]
            found.append(heading)
        if titled and all(_fits(line, titled) for line in rest[:1]):
            found.extend(Record([line], titled.titles, titled.title_cells) for line in rest)
        elif rest:
            titled = None
            found.extend(_untitled(rest))
    return _joined_blocks(_joined_labels(found))


def _parts_of(paragraphs: list[list[Line]]) -> Iterator[list[Line]]:
    """Paragraphs, begun anew at every row of titles."""
    for paragraph in paragraphs:
        first = 0
        for number in range(1, len(paragraph)):
            if _heading(paragraph[number]):
                yield paragraph[first:number]
                first = number
        yield paragraph[first:]


def _joined_blocks(records: list[Record]) -> list[Record]:
    """A name apart from its street, and contacts apart from their address, belong together."""
    found: list[Record] = []
    for record in records:
        if found and _continues(found[-1], record):
            found[-1].lines.extend(record.lines)
        else:
            found.append(record)
    return found


def _continues(before: Record, record: Record) -> bool:
    lines = [*before.lines, *record.lines]
    if before.titles or record.titles or any("\t" in line.piece.text for line in lines):
        return False
    if len(record.lines) > _LONGEST_BLOCK or len(before.lines) > _LONGEST_BLOCK:
        return False
    placed = any(has_place(line.piece.text) for line in before.lines)
    if placed:
        return all(is_contact_line(line.piece.text) for line in record.lines)
    first = record.lines[0].piece.text
    starts = street_start(first.split(), "US") == 0 and _is_short_name(before.lines[0].piece.text)
    return starts and any(has_place(line.piece.text) for line in record.lines)


def _is_short_name(text: str) -> bool:
    words = text.split()
    return (
        1 < len(words) <= _LONGEST_NAME and not any(map(str.isdigit, text)) and text[:1].isupper()
    )


_LONGEST_BLOCK = 12
"""In lines."""
_LONGEST_NAME = 5
"""In words."""


def _heading(line: Line) -> Record | None:
    cells = cells_of(line.piece, delimiter_of(line.piece.text))
    titles = titles_of(cells) if len(cells) >= _FEWEST_CELLS else None
    return Record([line], titles, cells) if titles else None


def _fits(line: Line, titled: Record) -> bool:
    delimiter = delimiter_of(titled.lines[0].piece.text)
    return line.piece.text.count(delimiter) * 2 >= len(titled.titles)


def _untitled(lines: list[Line]) -> list[Record]:
    if len(lines) == 1:
        return [Record(lines)]
    rows = [is_row(line.piece.text) for line in lines]
    if sum(rows) > 1 or (rows[0] and sum(rows) * 2 >= len(lines)):
        return list(_mixed(lines, rows))
    if is_labelled(_text_of(lines)):
        return _labelled(lines)
    return [Record(block) for block in _blocks(lines)]


def _mixed(lines: list[Line], rows: list[bool]) -> Iterator[Record]:
    """A customer a line, but for labelled lines among them, which are one customer together."""
    for is_one_each, group in groupby(zip(lines, rows, strict=True), key=itemgetter(1)):
        run = [line for line, _is_row in group]
        if not is_one_each and len(run) > 1 and is_labelled(_text_of(run)):
            yield from _labelled(run)
        else:
            yield from (Record([line]) for line in run)


def _text_of(lines: list[Line]) -> str:
    return "\n".join(line.piece.text for line in lines)


def is_row(text: str) -> bool:
    """Whether one line holds a whole customer: name, street and place, or as many cells."""
    if text.count("\t") >= _FEWEST_CELLS - 1:
        return True
    if len(text) > _LONGEST_ROW or not any(map(str.isdigit, text)):
        return False
    if is_labelled(text) and len(labels_in(text)) >= _FEWEST_CELLS:
        return True
    if not has_place(text):
        return False
    words = text.replace(",", " ").replace(";", " ").split()
    start = street_start(words, "US")
    return "@" in text or (start is not None and 0 < start < len(words) - 3)


_LONGEST_ROW = 1000


def has_place(text: str) -> bool:
    """Whether a line ends an address: it has a postal code where one belongs."""
    if MILITARY_LINE.match(text.strip()) or BOX.match(text.strip()):
        return False
    text = without_contacts(text) if "@" in text or _LOCAL_NUMBER.search(text) else text
    words = [word.strip(".,;()") for word in text.replace(",", " ").replace(";", " ").split()]
    return any(_is_place_at(words, at) for at in range(len(words)))


def _is_place_at(words: list[str], at: int) -> bool:
    word = words[at]
    if not any(map(str.isdigit, word)):
        return False
    pair = f"{words[at - 1]} {word}" if at else word
    if country_shown(word) not in {"", "NL"} or country_shown(pair) not in {"", "NL"}:
        return True
    if not _CODE_WORD.fullmatch(word):
        return False
    if at and (countries_of_state(words[at - 1]) or _ends_state(words, at)):
        return True
    following = words[at + 1 : at + 5]
    if not following:
        return at > 0 and words[at - 1].isalpha() and len(word) >= 5
    return following[0][:1].isalpha() and not any(map(is_street_ending, following))


def _ends_state(words: list[str], at: int) -> bool:
    return at > 1 and bool(countries_of_state(" ".join(words[at - 2 : at])))


def _labelled(lines: list[Line]) -> list[Record]:
    """A customer begins again where a label comes that the one before has already had."""
    found: list[Record] = []
    seen: set[str] = set()
    for line in lines:
        fields = [label.field for label in labels_in(line.piece.text)]
        if not found or (seen & set(fields) & _FIRST_LABELS and _is_start(fields, seen)):
            found.append(Record([]))
            seen = set()
        seen.update(fields)
        found[-1].lines.append(line)
    return found


_FIRST_LABELS = frozenset({"name", "first_name", "number", "company", "email", "phone"})


def _is_start(fields: list[str], seen: set[str]) -> bool:
    return bool(fields) and fields[0] in seen


def _joined_labels(records: list[Record]) -> list[Record]:
    """Labelled paragraphs that say different things are one customer."""
    found: list[Record] = []
    for record in records:
        fields = _label_fields(record)
        before = _label_fields(found[-1]) if found else set()
        if fields and before and not fields & before:
            found[-1].lines.extend(record.lines)
        else:
            found.append(record)
    return found


def _label_fields(record: Record) -> set[str]:
    if record.titles:
        return set()
    text = "\n".join(line.piece.text for line in record.lines)
    fields = {label.field for label in labels_in(text)} if ":" in text else set()
    return fields if len(fields) > 1 else set()


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Address blocks without a blank line between them: one ends after its place and contacts."""
    found: list[list[Line]] = [[]]
    ended = False
    for line in lines:
        text = line.piece.text
        if ended and not (is_contact_line(text) or country_code(text)):
            found.append([])
            ended = False
        found[-1].append(line)
        ended = ended or has_place(text)
    if len(found) > 1 and not any(has_place(line.piece.text) for line in found[-1]):
        found[-2:] = [found[-2] + found[-1]]
    return found
