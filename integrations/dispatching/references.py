"""Our name for one generation of an order at a platform: the same for every attempt, for ever."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread
_DIGITS = 7


def reference_of(order_id: int, generation: int) -> str:
    """As in XD-00000R4-1; long enough that a fuzzy search does not drown in neighbours."""
    digits = ""
    while order_id:
        order_id, rest = divmod(order_id, 32)
        digits = _ALPHABET[rest] + digits
    return f"XD-{digits.rjust(_DIGITS, '0')}-{generation}"
