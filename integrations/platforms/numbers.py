"""Decimals as JSON numbers. Pure."""

from decimal import Decimal

from integrations.platforms.errors import Unsendable


def as_number(value: Decimal) -> int | float:
    """The same value as a JSON number. Raises Unsendable when it would lose digits."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise Unsendable(f"{value} has too many digits")
    return number


def centimetres(millimetres: int) -> int | float:
    return as_number(Decimal(millimetres) / 10)
