"""The merchant's own sheet, known by its first two columns: origin state and carrier."""

from orders.intake.paste.contacts import take_contacts
from orders.intake.paste.draft import Draft
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code
from orders.intake.values.phones import looks_like_phone
from orders.intake.values.postal_codes import is_postal_code
from orders.intake.values.states import countries_of_state, state_code

COLUMNS = (
    "wanted_state", "wanted_carrier", "name", "name", "phone", "email", "address_1", "address_2",
    "city", "state", "postal_code", "country", "notes", "notes",
)  # fmt: skip
_FEWEST = 10
"""Trailing empty cells are often lost on the way."""
CARRIERS = {"ups": "UPS", "fedex": "FedEx", "federalexpress": "FedEx", "dhl": "DHL", "usps": "USPS"}
_NAMES = {"notes": ("Flag", "Weight")}


def carrier_named(text: str) -> str:
    """The carrier of a cell such as `FEDEX` or `UPS Ground`, or empty."""
    words = text.replace("-", "").replace(".", "").split()
    whole = words_of_name(text)
    return CARRIERS.get(whole) or (CARRIERS.get(words_of_name(words[0]), "") if words else "")


def is_preset_row(cells: list[Piece]) -> bool:
    if not _FEWEST <= len(cells) <= len(COLUMNS) + 3:
        return False
    state, carrier = cells[0].value, cells[1].value
    if "@" not in cells[5].value and cells[5].value:
        return False
    if carrier_named(carrier):
        return bool(state_code(state, "US")) or (not state and _has_place_of_preset(cells))
    return bool(state_code(state, "US")) and (not carrier or _has_place_of_preset(cells))


def _has_place_of_preset(cells: list[Piece]) -> bool:
    """Whether names, phone and place stand where the sheet has them, whatever the carrier says."""
    if any(map(str.isdigit, cells[2].value + cells[3].value)):
        return False
    state, code = cells[9].value, cells[10].value if len(cells) > _PLACE_CELLS else ""
    has_phone = looks_like_phone(cells[4].value) or not cells[4].value
    return has_phone and (bool(countries_of_state(state)) or is_postal_code(code, ""))


_PLACE_CELLS = 10


def _read_wish(cell: Piece, draft: Draft) -> None:
    """The carrier; “FedEx Ground” is a service, too."""
    carrier = carrier_named(cell.value)
    draft.values["wanted_carrier"] = carrier or cell.value
    says_more = words_of_name(cell.value) != words_of_name(carrier)
    if carrier and says_more and CARRIERS.get(words_of_name(cell.value)) != carrier:
        draft.take("shipping_method", cell)


def words_of_name(text: str) -> str:
    """Letters alone, as carriers' names are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def read_preset(cells: list[Piece], draft: Draft) -> None:
    for name, cell in zip(COLUMNS, cells, strict=False):
        if name == "phone" and "@" in cell.value:
            for rest in take_contacts([cell], draft):
                draft.take("notes", rest)
        else:
            draft.take(name, cell)
    for cell in cells[len(COLUMNS) :]:
        draft.take("notes", cell)
    draft.values["wanted_state"] = state_code(cells[0].value, "US")
    _read_wish(cells[1], draft)
    draft.country = country_code(draft.text_of("country"))
    notes = [cell.value for cell in cells[12:]]
    named = zip(_NAMES["notes"], notes[:2], strict=False)
    said = [f"{name}: {value}" for name, value in named if value]
    draft.values["notes"] = "; ".join([*said, *filter(None, notes[2:])])
