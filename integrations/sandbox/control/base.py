"""What control endpoints work with, and how they say no."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, Protocol

from integrations.sandbox.faults import Faults
from integrations.sandbox.messages import Json, Request, Response
from integrations.sandbox.options import Options
from integrations.sandbox.statistics import Statistics
from integrations.sandbox.turn import Turn


class Controlled(Protocol):
    """The sandbox, seen from its control endpoints."""

    options: Options
    faults: Faults
    counts: Statistics

    def turn(self) -> AbstractContextManager[Turn]: ...

    def run_agenda(self) -> int: ...

    def begin_anew(self, world: Json | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Command:
    """A control request: its JSON body, empty for a GET."""

    sandbox: Controlled
    request: Request
    body: Json


Control = Callable[[Command], Response]


class BadControl(ValueError):
    """The control request cannot be followed; the message says why."""


def refuse(text: str) -> NoReturn:
    """Raise the refusal with its sentence."""
    raise BadControl(text)


def text_of(body: Json, name: str, default: str | None = None) -> str:
    """A text of the body."""
    value = body.get(name, default)
    if not isinstance(value, str):
        refuse(f"“{name}” must be a text.")
    return value


def amount_of(body: Json, name: str) -> Decimal:
    """A number or a text of one."""
    try:
        amount = Decimal(str(body.get(name)))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 10**9:
        refuse(f"“{name}” must be an amount.")
    return amount


def units_of(body: Json, name: str) -> dict[str, int]:
    """An object of SKUs and whole numbers."""
    value = body.get(name)
    if not isinstance(value, dict) or not all(type(units) is int for units in value.values()):
        refuse(f"“{name}” must map SKUs to whole numbers.")
    return value


def texts_of(body: Json, name: str, known: Iterable[str]) -> dict[str, str]:
    """An object of known columns and texts."""
    value = body.get(name)
    names = list(known)
    if not isinstance(value, dict) or not all(
        key in names and isinstance(text, str) for key, text in value.items()
    ):
        refuse(f"“{name}” must map some of {', '.join(names)} to texts.")
    return value


def number_of(body: Json, name: str) -> float:
    """A number of the body."""
    value: Any = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(f"“{name}” must be a number.")
    return float(value)
