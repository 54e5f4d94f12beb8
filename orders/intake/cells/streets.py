"""Streets in cells: several lines or a unit in one cell, PO boxes, military mail."""

import re

from orders.intake.cells.text import clean

_UNIT = re.compile(
    r"\s*,\s*((?:(?:apt|apartment|suite|ste|unit|fl|floor|bldg|building|rm|room)\b\.?|#)\s*[\w-]{1,10})$",
    re.IGNORECASE,
)
_PO_BOX = re.compile(
    r"\bp\.?\s*o\.?\s*box\b|\bpost office box\b|\bpostfach\b|\bapartado\b", re.IGNORECASE
)
_MILITARY = re.compile(r"\b(?:PSC|CMR|UNIT)\s+\d+\s+BOX\s+\d+", re.IGNORECASE)


def split_street(first: str, *more: str) -> tuple[str, str]:
    """The street and the rest of it; line breaks and a unit after a comma begin the second line."""
    lines = [line for cell in (first, *more) if cell for line in clean(cell).split("\n") if line]
    if not lines:
        return "", ""
    if len(lines) == 1 and (found := _UNIT.search(lines[0])):
        return lines[0][: found.start()], found.group(1)
    return lines[0], ", ".join(lines[1:])


def is_po_box(street: str) -> bool:
    return bool(_PO_BOX.search(street))


def is_military(street: str, city: str) -> bool:
    return city.upper() in {"APO", "FPO", "DPO"} or bool(_MILITARY.search(street))
