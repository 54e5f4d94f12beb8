"""Our name for one generation of an order's part at a platform: the same for every attempt."""

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
