"""The merchant's own sheet, known by its first two columns: origin state and carrier."""

from orders.intake.paste.draft import Draft
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code
from orders.intake.values.states import state_code

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
    words = text.casefold().replace("-", "").split()
    whole = "".join(words)
    return CARRIERS.get(whole) or (CARRIERS.get(words[0], "") if words else "")


def is_preset_row(cells: list[Piece]) -> bool:
    if not _FEWEST <= len(cells) <= len(COLUMNS) + 3:
        return False
    state, carrier = cells[0].value, cells[1].value
    if not (bool(state_code(state, "US")) and (bool(carrier_named(carrier)) or not carrier)):
        return False
    return "@" in cells[5].value or not cells[5].value


def read_preset(cells: list[Piece], draft: Draft) -> None:
    for name, cell in zip(COLUMNS, cells, strict=False):
        draft.take(name, cell)
    for cell in cells[len(COLUMNS) :]:
        draft.take("notes", cell)
    draft.values["wanted_state"] = state_code(cells[0].value, "US")
    draft.values["wanted_carrier"] = carrier_named(cells[1].value)
    draft.country = country_code(draft.text_of("country"))
    notes = [cell.value for cell in cells[12:]]
    named = zip(_NAMES["notes"], notes[:2], strict=False)
    said = [f"{name}: {value}" for name, value in named if value]
    draft.values["notes"] = "; ".join([*said, *filter(None, notes[2:])])
