"""One customer while it is being read: which pieces of the text each field took."""

from dataclasses import dataclass, field

from orders.intake.parsed import ParsedLine
from orders.intake.values.clean_text import Piece
from orders.intake.values.places import Places


@dataclass(slots=True)
class Draft:
    """Pieces per field, in the order in which they form the value."""

    places: Places
    rows: list[int] = field(default_factory=list)
    fields: dict[str, list[Piece]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    """Values that are not the words themselves, such as the code of a state."""
    labels: list[Piece] = field(default_factory=list)
    """Words that say what stands beside them: `Name:`, `Attn`, a greeting."""
    lines: list[ParsedLine] = field(default_factory=list)
    doubts: dict[str, str] = field(default_factory=dict)
    country: str = ""
    """Known so far: as named in the text."""

    def take(self, name: str, piece: Piece) -> None:
        if piece.text.strip():
            self.fields.setdefault(name, []).append(piece)

    def has(self, name: str) -> bool:
        return bool(self.fields.get(name)) or bool(self.values.get(name))

    def text_of(self, name: str) -> str:
        """The value of a field as it stands: its own, or its words in order."""
        if name in self.values:
            return self.values[name]
        return " ".join(piece.value for piece in self.fields.get(name, []) if piece.value)

    def doubt(self, name: str, why: str) -> None:
        self.doubts.setdefault(name, why)
