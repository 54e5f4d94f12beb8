"""What is printed on a label, before it becomes PDF, PNG or ZPL."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """Sender and receiver are address lines."""

    carrier: str
    service: str
    tracking_number: str
    reference: str
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    weight_grams: float
    remarks: str = ""


def address_lines(*parts: str | None) -> tuple[str, ...]:
    """The parts that say something, in order."""
    return tuple(part.strip() for part in parts if part and part.strip())
