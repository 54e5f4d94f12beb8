"""Weights and lengths as the trade writes them, into the units of the models. Pure."""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

Reader = Callable[[str], int]

# Exact by the international yard and pound agreement of 1959.
GRAMS = {
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
    "g": Decimal(1),
    "kg": Decimal(1000),
}
MILLIMETRES = {"in": Decimal("25.4"), "mm": Decimal(1), "cm": Decimal(10)}
CUBIC_CENTIMETRES_PER_KILOGRAM = {
    "in3/lb": Decimal("16387.064") / GRAMS["lb"],
    "cm3/kg": Decimal(1),
}
_MEASURE = re.compile(r"(?P<number>\d+(\.\d+)?) ?(?P<unit>[a-z0-9/]+)")


class NotAMeasure(ValueError):
    """The text is no number with a unit we know; the message says what is wanted."""


def grams(text: str) -> int:
    """Whole grams of “150 lb”, “4 oz”, “70 kg”. Raises NotAMeasure."""
    return _read(text, GRAMS)


def millimetres(text: str) -> int:
    """Whole millimetres of “108 in”, “120 cm”. Raises NotAMeasure."""
    return _read(text, MILLIMETRES)


def dimensional_divisor(text: str) -> int:
    """Cubic centimetres per kilogram of “139 in3/lb”, “5000 cm3/kg”. Raises NotAMeasure."""
    return _read(text, CUBIC_CENTIMETRES_PER_KILOGRAM)


def _read(text: str, units: Mapping[str, Decimal]) -> int:
    match = _MEASURE.fullmatch(text)
    if match is None or match["unit"] not in units:
        raise NotAMeasure(f"“{text}” is not a number with a unit ({', '.join(units)})")
    exact = Decimal(match["number"]) * units[match["unit"]]
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
