"""What reading a file's orders needs to know, and how a field is read over several rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.intake.cells.column_names import PLACE
from orders.intake.cells.places import split_place
from orders.intake.cells.text import is_error_value, is_formula_like, shorten
from orders.intake.files.layout import Cells, Layout, Numbered
from orders.intake.files.noting import Notes
from orders.intake.files.skus import KnownSkus
from orders.intake.files.survey import Survey
from orders.intake.formats import label_of
from orders.intake.tables import Limits
from orders.intake.values.places import Places, ZipPlace

LONG = {"name": 100, "company": 100, "address_1": 120, "address_2": 120, "city": 80, "notes": 5_000}
"""Characters above which a person should look; labels print about forty."""


class RememberedPlaces:
    """Asks for a ZIP once; a file names the same ones over and over."""

    _MOST = 50_000

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, ZipPlace | None] = {}

    def of_zip(self, zip_code: str) -> ZipPlace | None:
        if zip_code in self._known:
            return self._known[zip_code]
        place = self._places.of_zip(zip_code)
        if len(self._known) < self._MOST:
            self._known[zip_code] = place
        return place

    def zips_of(self, state: str, city: str) -> Sequence[str]:
        return self._places.zips_of(state, city)


@dataclass(slots=True)
class Context:
    layout: Layout
    survey: Survey
    places: Places
    skus: KnownSkus
    limits: Limits


@dataclass(slots=True)
class Fields:
    """The fields of one order: each the first value in its rows, with the row it stands in."""

    context: Context
    rows: list[Numbered]
    notes: Notes
    is_billing: bool = False

    def first(self, name: str) -> tuple[int, str]:
        """(row, value as written); the first row and the empty string when no row has one."""
        row, cell = self._first(name)
        if cell or PLACE not in self.context.layout.fields:
            return row, cell
        row, place = self._first(PLACE)
        return row, split_place(place).get(name, "")

    def _first(self, name: str) -> tuple[int, str]:
        layout = self.context.layout
        places = (layout.billing if self.is_billing else layout.fields).get(name, ())
        for number, cells in self.rows:
            for place in places:
                cell = cells[place]
                if cell and not cell.isspace():
                    if cell[0] == "#" and is_error_value(cell):
                        self.note_error_value(number, name, cell)
                        continue
                    return number, self.bounded(number, name, cell)
        return self.rows[0][0], ""

    def note_error_value(self, row: int, name: str, cell: str) -> None:
        text = f"{label_of(name)}: the cell shows the spreadsheet error {cell.strip()}. Correct it."
        self.notes.warn(row, name, "spreadsheet_error", text)

    def bounded(self, row: int, name: str, text: str) -> str:
        """The value, shortened to the limit of a cell where it is longer, with a remark."""
        longest = self.context.limits.cell_characters
        if len(text) > longest:
            message = (
                f"{label_of(name)}: the cell has {len(text):,} characters; the first {longest:,}"
                " were kept. Shorten it."
            )
            self.notes.warn(row, name, "cell_shortened", message)
            return text[:longest]
        return text

    def check_text(self, row: int, name: str, text: str) -> None:
        """Remarks on text that is kept as it is."""
        if LONG.get(name, 10_000) < len(text) < self.context.limits.cell_characters:
            message = f"{label_of(name)}: {len(text):,} characters are very many. Shorten it."
            self.notes.warn(row, name, "very_long", message)
        if text[:1] in {"=", "+", "-", "@"} and is_formula_like(text):
            message = f"{label_of(name)}: “{shorten(text)}” begins like a formula; it stays text."
            self.notes.warn(row, name, "formula_as_text", message)


def cell_of(cells: Cells, places: tuple[int, ...]) -> str:
    """The first of the columns that holds something, as written."""
    for place in places:
        if cells[place] and not cells[place].isspace():
            return cells[place]
    return ""
