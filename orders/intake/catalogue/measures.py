"""Weights and lengths in cells, to whole grams and millimetres."""

import re
from decimal import Decimal

from orders.intake.cells.numbers import read_money

_IN_GRAMS = {
    "g": "1", "gram": "1", "gr": "1", "kg": "1000", "kilogram": "1000", "lb": "453.59237",
    "pound": "453.59237", "oz": "28.349523125", "ounce": "28.349523125",
}  # fmt: skip
_IN_MILLIMETRES = {
    "mm": "1", "cm": "10", "m": "1000", "in": "25.4", "inch": "25.4", "inche": "25.4", '"': "25.4",
}  # fmt: skip
_MEASURE = re.compile(r"([\d.,\s]+)\s*([a-zA-Z\"]*)\.?")


def read_grams(text: str, unit: str, decimal_comma: bool) -> int | None:
    """Whole grams; a unit in the cell (“1.2 kg”) wins. None when it is no weight."""
    return _measure(text, unit or "g", _IN_GRAMS, decimal_comma)


def read_millimetres(text: str, unit: str, decimal_comma: bool) -> int | None:
    """Whole millimetres; a unit in the cell (“12 in”) wins over that of the column."""
    return _measure(text, unit or "mm", _IN_MILLIMETRES, decimal_comma)


def _measure(text: str, unit: str, units: dict[str, str], decimal_comma: bool) -> int | None:
    found = _MEASURE.fullmatch(text)
    if found is None or len(text) > 40:
        return None
    number = read_money(found.group(1).strip(), decimal_comma).value
    one = units.get((found.group(2) or unit).lower().removesuffix("s"))
    if not number or one is None:
        return None
    whole = round(Decimal(number) * Decimal(one))
    return whole if 0 <= whole <= 2_000_000_000 else None
