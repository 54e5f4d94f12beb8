"""Dates in cells, in the ways that shops and people write them."""

import re
from datetime import date, timedelta
from functools import lru_cache

from orders.intake.cells.text import squash

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_NUMBERS = re.compile(
    r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?:[,T\s].*)?", re.DOTALL
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?,?\s+(?=\d{1,4}[./-]\d)")
_TIME = re.compile(r"\b\d{1,2}:\d{2}.*$", re.DOTALL)
_MONTHS = (
    ("jan", "ene", "gen", "jän"),
    ("feb", "fev", "fév"),
    ("mar", "mär", "mrz", "maa"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "giu", "juin"),
    ("jul", "lug", "juil"),
    ("aug", "ago", "aou", "août"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
_MONTH_OF = {squash(name): number for number, names in enumerate(_MONTHS, 1) for name in names}
_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of spreadsheet serial dates (with the 29 February 1900 that they believe in)."""


@lru_cache(maxsize=8192)
def read_date(text: str, day_first: bool) -> str:
    """ISO date of a cell, as written, without shifting a time zone; empty when it is no date."""
    if found := _ISO.fullmatch(text):
        return _iso(found.group(1), found.group(2), found.group(3))
    if found := _COMPACT.fullmatch(text):
        return _iso(found.group(1), found.group(2), found.group(3))
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(found, day_first)
    if found := _SERIAL.fullmatch(text):
        return _of_serial(int(found.group(1)))
    if found := _WEEKDAY.match(text):
        return read_date(text[found.end() :], day_first)
    return _of_words(text)


def _of_numbers(found: re.Match[str], day_first: bool) -> str:
    first, mark, second, year = found.groups()
    is_day_first = int(first) > 12 or ((day_first or mark == ".") and int(second) <= 12)
    month, day = (second, first) if is_day_first else (first, second)
    return _iso(year, month, day)


def _of_serial(days: int) -> str:
    return (_DAY_ZERO + timedelta(days)).isoformat() if 18264 <= days <= 73050 else ""


def _of_words(text: str) -> str:
    """“17 Oct 2026”, “October 17, 2026”, “22-Oct-2026”, “Oct-24-26”, “17. Oktober 2026”."""
    if len(text) > 60:
        return ""
    text = _TIME.sub("", text)
    month = next((m for m in map(_month, _WORD.findall(text)) if m), 0)
    numbers = _NUMBER.findall(text)
    if not month or len(numbers) != 2:
        return ""
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else numbers
    return _iso(year, str(month), day) if len(year) in {2, 4} else ""


def _month(word: str) -> int:
    name = squash(word)
    return _MONTH_OF.get(name) or _MONTH_OF.get(name[:4]) or _MONTH_OF.get(name[:3], 0)


def _iso(year: str, month: str, day: str) -> str:
    full = int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(full, int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if 1950 <= full <= 2100 else ""


def day_habit(text: str) -> int:
    """1 when a date of numbers can only be day first, -1 month first, 0 when it may be either."""
    found = _NUMBERS.fullmatch(text)
    if found is None or found.group(2) == ".":
        return 0
    return 1 if int(found.group(1)) > 12 else (-1 if int(found.group(3)) > 12 else 0)
