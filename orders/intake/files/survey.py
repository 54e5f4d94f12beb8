"""The first pass over a file: what must be known before the first order can be handed out.

Its memory does not grow with the file. A Bloom filter of fixed size holds the numbers of the orders
seen; a number that comes again after other orders is remembered with the last row it stands on, so
that the second pass waits for that row. The filter may take a new number for a known one: the
second pass then waits for the row it is already on, so nothing is read wrongly for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orders.intake.cells.dates import day_habit
from orders.intake.cells.numbers import decimal_habit
from orders.intake.files.layout import Layout, Numbered
from orders.intake.tables import FileRefused

_FILTER_BITS = 1 << 25
_MOST_SCATTERED = 200_000


@dataclass(slots=True)
class Survey:
    """What the whole file shows."""

    row_count: int = 0
    """Rows below the header that hold anything."""
    last_row_of: dict[str, int] = field(default_factory=dict)
    """Number of an order whose rows are not together → the last of its rows."""
    decimal_comma: bool = False
    day_first: bool = False


def survey(rows: Iterator[Numbered], layout: Layout, delimiter: str) -> Survey:
    """Read every row once; raises FileRefused over a limit and for orders mixed beyond reading."""
    found, seen, key_before = Survey(), _Filter(), ""
    habits = _Habits(layout)
    for number, cells in rows:
        if not any(cells):
            continue
        found.row_count += 1
        habits.look(cells)
        key = layout.key(cells)
        if not key or key == key_before:
            continue
        key_before = key
        if seen.add(key):
            _remember(found, key, number)
    found.decimal_comma = habits.decimal > 0 or (habits.decimal == 0 and delimiter == ";")
    found.day_first = habits.day > 0 or (habits.day == 0 and found.decimal_comma)
    return found


def _remember(found: Survey, key: str, number: int) -> None:
    found.last_row_of[key] = number
    if len(found.last_row_of) > _MOST_SCATTERED:
        raise FileRefused(
            "The rows of the orders are too mixed to be joined. Sort the file by order number and"
            " upload it again.",
            code="rows_too_mixed",
        )


class _Habits:
    """How the file writes prices and dates, told from the cells that leave no choice."""

    def __init__(self, layout: Layout) -> None:
        names = ("unit_price", "line_total")
        self._prices = [p for name in names for p in layout.fields.get(name, ())]
        self._dates = layout.fields.get("order_date", ())[:1]
        self.decimal = self.day = 0

    def look(self, cells: list[str]) -> None:
        for place in self._prices:
            if place < len(cells) and (text := cells[place]) and abs(self.decimal) < 1000:
                self.decimal += decimal_habit(text)
        for place in self._dates:
            if (
                place < len(cells)
                and len(text := cells[place]) < 30
                and ("/" in text or "-" in text[:3])
            ):
                self.day += day_habit(text.strip())


class _Filter:
    """A Bloom filter: `add` is True when the key may have been added before."""

    def __init__(self) -> None:
        self._bits = bytearray(_FILTER_BITS >> 3)

    def add(self, key: str) -> bool:
        mixed, was_there = hash(key), True
        for shift in (0, 21, 42):
            place = (mixed >> shift) * 0x9E3779B1 & (_FILTER_BITS - 1)
            mask = 1 << (place & 7)
            if not self._bits[place >> 3] & mask:
                was_there = False
                self._bits[place >> 3] |= mask
        return was_there
