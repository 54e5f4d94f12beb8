"""Our name for one generation of an order's part at a platform: the same for every attempt."""

import re

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread
_DIGITS = 7


def reference_of(order_id: int, generation: int, part: int = 1) -> str:
    """As in XD-00000R4-1, and XD-00000R4-1-P2 for the second part of a split order.

    Long enough that a fuzzy search does not drown in neighbours. The letter keeps a part from
    being read as a generation.
    """
    digits = ""
    while order_id:
        order_id, rest = divmod(order_id, 32)
        digits = _ALPHABET[rest] + digits
    suffix = f"-P{part}" if part > 1 else ""
    return f"XD-{digits.rjust(_DIGITS, '0')}-{generation}{suffix}"


# Whatever follows the order's digits (generation, part) is said in letters, digits and hyphens.
_OURS = re.compile(rf"XD-([{_ALPHABET}]{{{_DIGITS},13}})(-[A-Z0-9]+)+")


def is_our_reference(text: str) -> bool:
    """Whether somebody who names orders as we do has named it."""
    return _OURS.fullmatch(text) is not None


def order_id_of(reference: str) -> int | None:
    """The order that a reference of ours is about; None for a foreign one."""
    found = _OURS.fullmatch(reference)
    if found is None:
        return None
    order_id = 0
    for digit in found.group(1):
        order_id = order_id * 32 + _ALPHABET.index(digit)
    return order_id if order_id < 2**63 else None
