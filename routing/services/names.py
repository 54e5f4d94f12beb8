"""The names that people know instead of the codes that routing works with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from warehouses.models import CarrierService

_QUOTED = re.compile(r"(“[^”]*”)")


@dataclass(frozen=True, slots=True)
class Names:
    """“UPS Ground” for ups-ground, “FedEx” for fedex; a code that is gone stays as it is."""

    by_code: Mapping[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None

    @classmethod
    def load(cls) -> "Names":
        """One query."""
        rows = CarrierService.objects.order_by("pk").values_list(
            "carrier__code", "carrier__name", "code", "name"
        )
        return cls.of({code: name for row in rows for code, name in (row[:2], row[2:])})

    @classmethod
    def of(cls, by_code: Mapping[str, str]) -> "Names":
        if not by_code:
            return cls()
        codes = "|".join(map(re.escape, sorted(by_code, key=len, reverse=True)))
        return cls(by_code, re.compile(rf"(?<![\w-])(?:{codes})(?![\w-])"))

    def said(self, text: str) -> str:
        """A sentence with names for codes; what it quotes, as a rule's name, stays as it is."""
        pattern = self.pattern
        if pattern is None:
            return text
        pieces = _QUOTED.split(text)
        # Every second piece is a quotation.
        pieces[::2] = [pattern.sub(lambda hit: self.by_code[hit[0]], one) for one in pieces[::2]]
        return "".join(pieces)
