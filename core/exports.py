"""Cells that leave the house: a spreadsheet must read them, and never run them."""

from typing import Any

# A spreadsheet takes such a cell for a formula; the last four are the full-width forms.
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """Numbers as they are; text that a spreadsheet would run gets an apostrophe before it.

    Source: CWE-1236, improper neutralisation of formula elements in a CSV file.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if str(value).startswith(_STARTERS) else text
