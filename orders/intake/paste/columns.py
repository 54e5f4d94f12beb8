"""A row of cells without a header: which column is which, from what the cells hold."""

import re
from dataclasses import dataclass

from orders.intake.cells.dates import read_date
from orders.intake.paste.contacts import take_contacts
from orders.intake.paste.draft import Draft
from orders.intake.paste.ending import guess_country
from orders.intake.paste.records import has_place
from orders.intake.values.addresses import (
    ATTENTION,
    CARE_OF,
    is_organisation,
    is_unit,
    looks_like_street,
)
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code, is_short
from orders.intake.values.postal_codes import US, country_shown, is_postal_code, with_lost_zeros
from orders.intake.values.states import countries_of_state, is_state_of, state_code
from orders.intake.values.street_words import words_of

_FEWEST_CELLS = 5
_STATE_COLUMN = 4
"""From so many columns between name and postal code on, the last is the state's, filled or not."""
_PARTICLES = words_of("van von de der den del della di da dos le la el al bin ibn ter ten st st.")


@dataclass(slots=True)
class Row:
    """What is left of the cells; empty cells keep their place."""

    cells: list[Piece]

    def texts(self) -> list[str]:
        return [cell.value for cell in self.cells]

    def filled(self) -> list[int]:
        return [at for at, cell in enumerate(self.cells) if cell.value]


def read_columns(cells: list[Piece], draft: Draft) -> bool:
    """Read a row whose postal code or state has a cell of its own; False when it has neither."""
    if len(cells) < _FEWEST_CELLS or not _has_place_cell(cells, draft):
        return False
    row = Row(_without_contacts(_without_heading_facts(_without_flags(cells, draft), draft), draft))
    _take_country(row, draft)
    country = draft.country or _country_of(row, draft)
    _take_postal_code(row, draft, country)
    draft.country = draft.country or guess_country(draft)
    stateless = bool(row.cells) and not row.cells[-1].value
    _take_name(row, draft)
    _take_place(row, draft, stateless=stateless)
    _take_street(row, draft)
    return True


def _has_place_cell(cells: list[Piece], draft: Draft) -> bool:
    """A postal code alone in its cell; or a state or country, where no cell holds a whole place."""
    texts = [cell.value for cell in cells if cell.value]
    if any(_is_code_cell(text, draft) for text in texts[1:]):
        return True
    if len(texts) < len(cells):
        return any(map(_is_state_cell, texts[1:])) or bool(texts and country_code(texts[-1]))
    return any(map(_is_state_cell, texts[1:])) and not any(map(has_place, texts))


def _is_code_cell(text: str, draft: Draft) -> bool:
    return is_postal_code(text, "") or bool(with_lost_zeros(text, "", draft.places))


def _is_state_cell(text: str) -> bool:
    return bool(countries_of_state(text)) and (text.isupper() or len(text) > 3)


def _without_flags(cells: list[Piece], draft: Draft) -> list[Piece]:
    """Flags and weights at the end of a row are notes."""
    kept = list(cells)
    while kept and (not kept[-1].value or _FLAG.fullmatch(kept[-1].value)):
        cell = kept.pop()
        if cell.value:
            draft.fields.setdefault("notes", []).insert(0, cell)
    return kept


_FLAG = re.compile(r"true|false|yes|\d{1,4}(?:[.,]\d{1,3})? ?(?:lbs?|kgs?|oz|g)\.?", re.IGNORECASE)


def _without_heading_facts(cells: list[Piece], draft: Draft) -> list[Piece]:
    """A number or a date before the name, in a row that has its street elsewhere."""
    rest = list(cells)
    while len(rest) > _FEWEST_CELLS and (name := _fact_of(rest[0].value)) and not draft.has(name):
        if not any(looks_like_street(cell.value, "US") for cell in rest[2:]):
            break
        draft.take(name, rest.pop(0))
        if name == "date":
            draft.values["date"] = read_date(draft.text_of("date"), day_first=False)
    return rest


def _fact_of(text: str) -> str:
    """`number` of “#1001”, `date` of “10/14/2026”, else empty."""
    if _NUMBER.fullmatch(text):
        return "number"
    return "date" if _DATE.fullmatch(text) and read_date(text, day_first=False) else ""


_NUMBER = re.compile(r"#?(?:[A-Z]{1,4}-?)?\d{1,12}")
_DATE = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")


def _without_contacts(cells: list[Piece], draft: Draft) -> list[Piece]:
    """Cells without phone and e-mail; a cell of nothing else disappears."""
    kept: list[Piece] = []
    for cell in cells:
        if not cell.value:
            kept.append(cell)
        else:
            kept.extend(take_contacts([cell], draft))
    while kept and not kept[-1].value:
        kept.pop()
    return kept


def _take_country(row: Row, draft: Draft) -> None:
    texts = row.texts()
    for at in reversed(row.filled()[2:]):
        text = texts[at]
        if country_code(text) and not _is_rather_state(texts, at, draft):
            draft.country = country_code(text)
            draft.take("country", row.cells.pop(at))
            break
    while row.cells and not row.cells[-1].value:
        row.cells.pop()


def _is_rather_state(texts: list[str], at: int, draft: Draft) -> bool:
    """CA, DE or Georgia before a ZIP, or where no other cell is a state, is the state."""
    text = texts[at]
    if not countries_of_state(text):
        return not is_short(text) and at < len(texts) - 2 and not country_code(text)
    later = [cell for cell in texts[at + 1 :] if cell]
    if any(is_postal_code(cell, "") for cell in later):
        return True
    codes = [cell for cell in texts[:at] if US.fullmatch(cell)]
    place = draft.places.of_zip(codes[-1][:5]) if codes else None
    if place is not None and place.state == state_code(text, "US"):
        return not any(_is_state_cell(cell) for cell in texts[2:at])
    return not any(is_postal_code(cell, "") or _is_state_cell(cell) for cell in texts[2:at])


def _country_of(row: Row, draft: Draft) -> str:
    for text in row.texts()[1:]:
        if country_shown(text):
            return country_shown(text)
    return ""


def _take_postal_code(row: Row, draft: Draft, country: str) -> None:
    texts = row.texts()
    for at in reversed(row.filled()[1:]):
        if is_postal_code(texts[at], country) or _lost_zero(texts, at, country, draft):
            draft.take("postal_code", row.cells.pop(at))
            _leave_what_follows(row, at)
            return
    for at in reversed(row.filled()[2:]):
        if country not in {"", "US", "CA", "GB"} and _resembles_code(texts[at]):
            draft.take("postal_code", row.cells.pop(at))
            return


def _leave_what_follows(row: Row, at: int) -> None:
    """Cells after a state and its ZIP belong to no address; they stay over and are said."""
    texts = row.texts()
    if any(map(_is_state_cell, texts[2:at])) and not any(map(_is_state_cell, texts[at:])):
        del row.cells[at:]


def _lost_zero(texts: list[str], at: int, country: str, draft: Draft) -> bool:
    if country not in {"", "US"}:
        return False
    text = texts[at].removesuffix(".0")
    if US.fullmatch(text):
        return True
    states = [state_code(cell, "US") for cell in texts[2:] if _is_state_cell(cell)]
    if not states and text.isdigit() and len(text) == 4:
        return False
    if (
        states
        and "AU" in countries_of_state(states[-1])
        and not with_lost_zeros(text, states[-1], draft.places)
    ):
        return text.isdigit() and len(text) == 4
    return bool(with_lost_zeros(text, states[-1] if states else "", draft.places))


def _resembles_code(text: str) -> bool:
    compact = text.replace(" ", "").replace("-", "")
    digits = sum(map(str.isdigit, compact))
    return 3 <= len(compact) <= 10 and compact.isalnum() and digits * 2 >= len(compact)


def _take_name(row: Row, draft: Draft) -> None:
    """The first cells without a street: name, or first and last name, and the company."""
    while row.cells and not row.cells[0].value:
        row.cells.pop(0)
    head = _cells_before_street(row, draft)
    names, company = _person_and_company(head, row, draft)
    for cell in names:
        attention = ATTENTION.match(cell.text.lstrip())
        cut = len(cell.text) - len(cell.text.lstrip()) + attention.end() if attention else 0
        if cut:
            draft.labels.append(cell.part(0, cut))
        draft.take("name", cell.part(cut))
    for cell in company:
        draft.take("company", cell)
    row.cells = [cell for cell in row.cells if cell not in names and cell not in company]
    while row.cells and not row.cells[0].value:
        row.cells.pop(0)


def _cells_before_street(row: Row, draft: Draft) -> list[Piece]:
    filled = [cell for cell in row.cells if cell.value]
    streets = (
        at
        for at, cell in enumerate(filled)
        if looks_like_street(cell.value, draft.country) or any(map(str.isdigit, cell.value))
    )
    first = next(streets, None)
    return filled[:1] if first is None else filled[: min(first, 3)]


def _person_and_company(
    head: list[Piece], row: Row, draft: Draft
) -> tuple[list[Piece], list[Piece]]:
    if len(head) < 2 or CARE_OF.match(head[1].value) or _is_house(head[1], row, draft):
        return head[:1], []
    first, second = head[0].value, head[1].value
    if is_organisation(first, sure=True) and not is_organisation(second, sure=True):
        return head[1:2], head[:1]
    if is_organisation(second) or not _is_surname(first, second):
        return head[:1], head[1:2]
    return head[:2], head[2:3]


def _is_house(cell: Piece, row: Row, draft: Draft) -> bool:
    """Rose Cottage, where the row has no street with a number and names no organisation."""
    numbered = any(any(map(str.isdigit, text)) for text in row.texts())
    abroad = draft.country in {"GB", "IE"} and len(cell.value.split()) > 1
    return abroad and not numbered and not is_organisation(cell.value)


def _is_surname(first: str, second: str) -> bool:
    words = second.casefold().split()
    return len(first.split()) == 1 or len(words) == 1 or words[0] in _PARTICLES


def _take_place(row: Row, draft: Draft, *, stateless: bool) -> None:
    """City and state: the last columns, in the order that the country's rows have."""
    _trim(row)
    if draft.country in {"US", "CA", "AU"}:
        _take_state_cell(row, draft)
    elif not stateless and _last_is_state(row, draft):
        draft.take("state", row.cells.pop())
    _trim(row)
    if len(row.cells) > 1 or (row.cells and draft.has("address_1")):
        draft.take("city", row.cells.pop())


def _trim(row: Row) -> None:
    """Drop the emptied cells at the end, but remember a column of state that is empty."""
    while row.cells and not row.cells[-1].value:
        row.cells.pop()


def _take_state_cell(row: Row, draft: Draft) -> None:
    for at in reversed(row.filled()):
        if at and state_code(row.cells[at].value, draft.country):
            if len(row.filled()) <= 2 and at == len(row.cells) - 1 and _is_city_too(row, at, draft):
                return
            draft.take("state", row.cells.pop(at))
            return


def _is_city_too(row: Row, at: int, draft: Draft) -> bool:
    """New York, in a row of street, city and ZIP."""
    place = draft.places.of_zip(draft.text_of("postal_code")[:5])
    return place is not None and place.is_named(row.cells[at].value)


def _last_is_state(row: Row, draft: Draft) -> bool:
    texts = row.texts()
    filled = row.filled()
    if len(filled) < 3:
        return False
    if is_state_of(texts[-1], draft.country):
        return True
    if len(texts) >= _STATE_COLUMN:
        return bool(texts[-2])
    middle = texts[-2]
    return bool(middle) and not is_unit(middle) and not any(map(str.isdigit, middle))


def _take_street(row: Row, draft: Draft) -> None:
    filled = [cell for cell in row.cells if cell.value]
    street = next((cell for cell in filled if not CARE_OF.match(cell.value)), None)
    for cell in filled:
        draft.take("address_1" if cell is street else "address_2", cell)
