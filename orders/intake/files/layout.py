"""The columns of a file, ready for reading many rows."""

from orders.intake.formats import Header
from orders.intake.formats.fields import LINE
from orders.intake.formats.synonyms import normal

Cells = list[str]
Numbered = tuple[int, Cells]

_PERSON = (
    "name", "last_name", "first_name", "address_1", "city", "postal_code", "place", "email",
    "phone",
)  # fmt: skip
_IDENTITY = ("name", "last_name", "first_name", "address_1", "postal_code", "place")


class Layout:
    """Where the fields stand in a row, and questions about a row that need only that."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.width = len(header.columns)
        self.fields = header.fields
        self.billing = header.billing
        self.format = header.format
        self.number = header.fields.get("order_number", (-1,))[0]
        self._line = self._places("sku", "title", "line_id", "quantity", "unit_price", "line_total")
        self._item = self._places("sku", "title", "line_id")
        self._person = self._places(*_PERSON) + self._billed(*_PERSON)
        self.identity = self._places(*_IDENTITY)
        self._telling = next(iter(self._person or self._line), 0)
        self._keys = [normal(column) for column in header.columns]

    def _places(self, *names: str) -> tuple[int, ...]:
        return tuple(place for name in names for place in self.fields.get(name, ()))

    def _billed(self, *names: str) -> tuple[int, ...]:
        return tuple(place for name in names for place in self.billing.get(name, ()))

    @property
    def has_lines(self) -> bool:
        return any(name in self.fields for name in LINE)

    @property
    def has_number(self) -> bool:
        return self.number >= 0

    def padded(self, cells: Cells) -> Cells:
        """With a cell for every column of the header."""
        missing = self.width - len(cells)
        return cells + [""] * missing if missing > 0 else cells

    def key(self, cells: Cells) -> str:
        """What tells orders apart: the order's number, however it is written; empty for none."""
        if self.number < 0 or self.number >= len(cells):
            return ""
        return cells[self.number].strip().lstrip("'#").strip().lower()

    def has_line(self, cells: Cells) -> bool:
        return _any(cells, self._line)

    def has_item(self, cells: Cells) -> bool:
        return _any(cells, self._item)

    def has_person(self, cells: Cells) -> bool:
        return _any(cells, self._person)

    def may_be_header(self, cells: Cells) -> bool:
        """Quick: only where one telling cell repeats its column's name."""
        return cells[self._telling] == self.header.columns[self._telling]

    def is_header(self, cells: Cells) -> bool:
        """The header again, as where two exports were joined."""
        filled = [(place, cell) for place, cell in enumerate(cells[: self.width]) if cell.strip()]
        same = sum(normal(cell) == self._keys[place] for place, cell in filled if len(cell) < 80)
        return same >= 2 and same * 2 > len(filled)

    def cell(self, cells: Cells, name: str) -> str:
        """The first value that the columns of a field have in this row, as written."""
        for place in self.fields.get(name, ()):
            if cells[place]:
                return cells[place]
        return ""


def _any(cells: Cells, places: tuple[int, ...]) -> bool:
    for place in places:
        cell = cells[place]
        if cell and not cell.isspace():
            return True
    return False
