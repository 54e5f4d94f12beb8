"""What a stock movement must look like before the database is asked."""

from warehouses.errors import IncompleteMovement, NotAQuantity
from warehouses.models import ReasonCode

MAX_QUANTITY = 1_000_000
"""Units in one movement; more is a slip of the finger."""

_LENGTHS = {"document": (1, 100), "key": (1, 200), "note": (0, 300)}


def check_quantity(quantity: int) -> None:
    """Raise NotAQuantity unless it is a whole number from 1 to MAX_QUANTITY units."""
    if not _is_whole(quantity) or not 1 <= quantity <= MAX_QUANTITY:
        raise NotAQuantity(quantity, f"a whole number from 1 to {MAX_QUANTITY:,}")


def check_change(change: int) -> None:
    """Raise NotAQuantity unless it is a whole number of units, up or down, and not zero."""
    if not _is_whole(change) or not 1 <= abs(change) <= MAX_QUANTITY:
        raise NotAQuantity(change, f"a whole number from 1 to {MAX_QUANTITY:,}, or its negative")


def check_paper(reason: str, document: str, key: str, note: str) -> None:
    """Raise IncompleteMovement unless the ledger row will say why, and on which paper."""
    if reason not in ReasonCode.values:
        raise IncompleteMovement(f"one of these reasons: {', '.join(ReasonCode.values)}")
    for name, text in (("document", document), ("key", key), ("note", note)):
        check_text(name, text)


def check_text(name: str, text: str) -> None:
    """Raise IncompleteMovement when the text does not fit its column of the ledger."""
    shortest, longest = _LENGTHS[name]
    # A NUL byte is an error of the driver on PostgreSQL, and stored without a word on SQLite.
    if not shortest <= len(text.strip()) <= len(text) <= longest or "\x00" in text:
        raise IncompleteMovement(f"a {name} of {shortest} to {longest} characters")


def _is_whole(quantity: object) -> bool:
    return isinstance(quantity, int) and not isinstance(quantity, bool)
