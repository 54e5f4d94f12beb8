"""How big and how heavy the parcel of some order lines is. Pure; whole grams and millimetres."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from routing.facts import LineFacts


@dataclass(frozen=True, slots=True)
class Parcel:
    """`sides_mm` from longest to shortest; None where a product's size or weight is unknown."""

    weight_grams: int | None
    sides_mm: tuple[int, int, int] | None

    @property
    def length_mm(self) -> int | None:
        return self.sides_mm[0] if self.sides_mm else None

    @property
    def length_plus_girth_mm(self) -> int | None:
        if self.sides_mm is None:
            return None
        length, width, height = self.sides_mm
        return length + 2 * (width + height)

    def dimensional_grams(self, divisor: int | None) -> int:
        """Grams billed for the size; the divisor is cubic centimetres per kilogram."""
        if self.sides_mm is None or not divisor:
            return 0
        length, width, height = self.sides_mm
        # mm³ ÷ 1000 = cm³, ÷ divisor = kg, × 1000 = g: the thousands cancel out.
        return -(-length * width * height // divisor)

    def billable_grams(self, divisor: int | None) -> int | None:
        if self.weight_grams is None:
            return None
        return max(self.weight_grams, self.dimensional_grams(divisor))


def pack(lines: Sequence[LineFacts]) -> Parcel:
    """One parcel with all the lines in it; the box is an estimate unless it holds one piece."""
    return Parcel(_weight(lines), _box(lines))


def _weight(lines: Sequence[LineFacts]) -> int | None:
    if not lines or any(not line.weight_grams for line in lines):
        return None
    return sum((line.weight_grams or 0) * line.quantity for line in lines)


def _box(lines: Sequence[LineFacts]) -> tuple[int, int, int] | None:
    """The most compact box that holds the volume and, each by itself, every piece."""
    sizes = [_sides(line) for line in lines]
    known = [sides for sides in sizes if sides is not None]
    if not lines or len(known) < len(sizes):
        return None
    volume = sum(
        sides[0] * sides[1] * sides[2] * max(0, line.quantity)
        for sides, line in zip(known, lines, strict=True)
    )
    longest, middle, shortest = (max(sides[i] for sides in known) for i in range(3))
    length = max(longest, _cube_root(volume))
    width = max(middle, isqrt(volume // length))
    height = max(shortest, -(-volume // (length * width)))
    return _sorted_sides(length, width, height)


def _sides(line: LineFacts) -> tuple[int, int, int] | None:
    if not (line.length_mm and line.width_mm and line.height_mm):
        return None
    return _sorted_sides(line.length_mm, line.width_mm, line.height_mm)


def _sorted_sides(*sides: int) -> tuple[int, int, int]:
    longest, middle, shortest = sorted(sides, reverse=True)
    return longest, middle, shortest


def _cube_root(volume: int) -> int:
    """The whole number at or below the cube root, whatever floating point made of it."""
    root = round(volume ** (1 / 3))
    while root**3 > volume:
        root -= 1
    return root
