"""What a cell of a sheet shows, as text: dates by their format, numbers without a power of ten."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

_DATE_FORMATS = frozenset(
    map(str, [*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
)
"""Numbers of the built-in formats that show a date or a time (ECMA-376, 18.8.30)."""
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATE_LETTER = re.compile(r"[ymdhs]", re.IGNORECASE)
_LETTERS = re.compile(r"([A-Z]{1,3})\d*")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a day of the calendar, in no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001  # a day of the calendar, in no zone


@dataclass(slots=True)
class Styles:
    """Which of a workbook's cell styles show dates."""

    dates: list[bool] = field(default_factory=list)
    has_1904_dates: bool = False

    def add(self, formats_of_cells: list[str], formats: dict[str, str]) -> None:
        self.dates = [is_date_format(number, formats) for number in formats_of_cells]

    def is_date(self, style: str | None) -> bool:
        index = int(style) if style and style.isdecimal() else -1
        return 0 <= index < len(self.dates) and self.dates[index]


def is_date_format(number: str, formats: dict[str, str]) -> bool:
    if number in formats:
        return bool(_DATE_LETTER.search(_QUOTED.sub("", formats[number].split(";")[0])))
    return number in _DATE_FORMATS


def cell_text(cell: dict[str, str], value: str, strings: list[str], styles: Styles) -> str:
    """What a cell with this text inside shows; `cell` are its attributes."""
    kind = cell.get("t", "n")
    if kind == "s":
        index = int(value) if value.isdecimal() and len(value) < 10 else -1
        return strings[index] if 0 <= index < len(strings) else ""
    if kind == "n":
        return _number_text(value.strip(), styles, cell.get("s"))
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return value


def _number_text(value: str, styles: Styles, style: str | None) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return value
    if styles.is_date(style):
        return _date_text(number, styles.has_1904_dates)
    return _shown(value, number)


_KEPT_DIGITS = 15


def _shown(value: str, number: Decimal) -> str:
    """At most the fifteen digits that a spreadsheet keeps, so that 19.949999999999999 is 19.95."""
    if number.adjusted() >= _KEPT_DIGITS:
        # Written as a power of ten, so that nobody takes the made-up end for a number's own.
        return f"{number:.{_KEPT_DIGITS - 2}E}"
    digits = number.as_tuple().digits
    if len(digits) > _KEPT_DIGITS:
        number = Decimal(repr(float(f"{number:.14e}")))
    elif value.isdecimal():
        return value
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date_text(number: Decimal, has_1904_dates: bool) -> str:
    if not 1 <= number < 2_958_466:
        return format(number, "f")
    moment = (_EPOCH_1904 if has_1904_dates else _EPOCH) + timedelta(
        seconds=round(float(number) * 86400)
    )
    text = moment.isoformat(sep=" ")
    return text.removesuffix(" 00:00:00")


def column_number(reference: str, otherwise: int) -> int:
    """0 of “A7”; `otherwise` where the cell does not say where it stands."""
    found = _LETTERS.match(reference)
    if found is None:
        return otherwise
    number = 0
    for letter in found.group(1):
        number = number * 26 + ord(letter) - 64
    return number - 1
