"""Identifiers that a given seed always makes in the same order."""

import hashlib
from uuid import UUID

from integrations.sandbox.store import Transaction


def digest(*parts: object) -> bytes:
    """SHA-256 of the parts."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).digest()


def share(*parts: object) -> float:
    """A number from 0 up to 1 that depends on the parts alone."""
    return int.from_bytes(digest(*parts)[:8], "big") / 2**64


def fixed_uuid(*parts: object) -> str:
    """A version 4 UUID that depends on the parts alone."""
    return str(UUID(bytes=digest(*parts)[:16], version=4))


class Identities:
    """Makes new identifiers within a transaction."""

    def __init__(self, tx: Transaction, seed: int):
        self._tx = tx
        self._seed = seed

    def uuid(self) -> str:
        return fixed_uuid(self._seed, "uuid", self._tx.next_number("uuid"))

    def number(self, name: str, first: int = 1) -> int:
        return self._tx.next_number(name, first)

    def token(self, length: int) -> str:
        """Hexadecimal digits."""
        return digest(self._seed, "token", self._tx.next_number("token")).hex()[:length]
