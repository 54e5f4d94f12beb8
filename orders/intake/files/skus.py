"""Matching SKU cells with the known products."""

from collections.abc import Collection
from difflib import get_close_matches

_MOST_COMPARED = 5_000
_MOST_SUGGESTED_FOR = 500


class KnownSkus:
    """The products' SKUs; compared without regard to case."""

    def __init__(self, skus: Collection[str]) -> None:
        self._by_key = {sku.casefold(): sku for sku in skus}
        self._by_digits = _by_digits(skus)
        self._suggested: dict[str, str] = {}

    def find(self, text: str) -> str:
        """The SKU as the catalogue writes it; the empty string when there is none."""
        return self._by_key.get(text.casefold(), "")

    def with_zeros(self, text: str) -> str:
        """The one SKU of digits that lost its leading zeros in a spreadsheet; else empty."""
        return self._by_digits.get(text.lstrip("0"), "") if text.isdecimal() else ""

    def nearest(self, text: str) -> str:
        """A sentence that names the most similar SKUs."""
        key = text.casefold()
        if key not in self._suggested:
            if len(self._suggested) >= _MOST_SUGGESTED_FOR:
                return ""
            self._suggested[key] = self._look(key)
        return self._suggested[key]

    def _look(self, key: str) -> str:
        keys = list(self._by_key)
        if len(keys) > _MOST_COMPARED:
            keys = [known for known in keys if known[:2] == key[:2]][:_MOST_COMPARED]
        near = [
            self._by_key[known] for known in get_close_matches(key[:80], keys, n=3, cutoff=0.55)
        ]
        return f" Did you mean {' or '.join(near)}?" if near else ""


def _by_digits(skus: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice = set()
    for sku in skus:
        if sku.isdecimal() and sku.startswith("0"):
            twice |= {sku.lstrip("0")} & found.keys()
            found[sku.lstrip("0")] = sku
    return {digits: sku for digits, sku in found.items() if digits not in twice}
