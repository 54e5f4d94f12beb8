"""What differs between two decisions: field for field for replay, in words for trying it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from routing.codec import write
from routing.result import Candidate, Decision
from routing.sentences import money

IDENTICAL = "identical"
ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs; `where` is a path such as candidates.RNO1/ups-ground.rank."""

    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.where}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision means to the business beside another one of the same order."""

    is_other_route: bool
    cents: int | None
    days: int | None
    sentences: tuple[str, ...]


def differences(before: Decision, after: Decision) -> list[Difference]:
    """Every field that differs; empty for identical decisions."""
    return list(_unlike("", _named(before), _named(after)))


def verdict(before: Decision, after: Decision) -> str:
    """“identical”, or the differences, one a line."""
    found = differences(before, after)
    return "\n".join(map(str, found)) if found else IDENTICAL


def change(before: Decision, after: Decision) -> Change:
    """What would be otherwise: the route, its price (hundredths more) and its days (later)."""
    old, new = before.chosen, after.chosen
    cents = days = None
    if old and new:
        cents = _more(old, new)
        if old.arrives_on and new.arrives_on:
            days = (new.arrives_on - old.arrives_on).days
    return Change(_route(old) != _route(new), cents, days, tuple(_told(before, after)))


def _told(before: Decision, after: Decision) -> Iterator[str]:
    old, new = before.chosen, after.chosen
    if _route(old) != _route(new):
        yield f"Route: {_route(old)} → {_route(new)}."
    prices = [money(each.cents, each.currency) if each else ABSENT for each in (old, new)]
    if prices[0] != prices[1]:
        yield f"Price: {prices[0]} → {prices[1]}."
    arrivals = [str(each.arrives_on) if each else ABSENT for each in (old, new)]
    if arrivals[0] != arrivals[1]:
        yield f"Arrival: {arrivals[0]} → {arrivals[1]}."
    if before.confidence != after.confidence:
        yield f"Confidence: {before.confidence} → {after.confidence}."
    if before.needs_review != after.needs_review:
        yield "It would go to review." if after.needs_review else "It would not go to review."


def _route(candidate: Candidate | None) -> str:
    return f"{candidate.warehouse} by {candidate.service}" if candidate else ABSENT


def _more(old: Candidate, new: Candidate) -> int | None:
    if old.cents is None or new.cents is None or old.currency != new.currency:
        return None
    return new.cents - old.cents


def _named(decision: Decision) -> dict[str, Any]:
    """The decision as nested dicts, rows under a name instead of a number."""
    tree: dict[str, Any] = write(decision)
    tree["candidates"] = {
        f"{row.warehouse}/{row.service}/{_rows(row)}": write(row) for row in decision.candidates
    }
    return tree


def _rows(candidate: Candidate) -> str:
    """Tells splits with the same services apart; "" for a whole order."""
    if not candidate.is_split:
        return ""
    return ",".join(
        f"{row.position}:{row.warehouse}:{row.quantity}" for row in candidate.allocations
    )


def _unlike(where: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            path = f"{where}.{name}" if where else name
            yield from _unlike(path, before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            pair = (rows[index] if index < len(rows) else None for rows in (before, after))
            yield from _unlike(f"{where}.{index + 1}", *pair)
    elif before != after:
        yield Difference(where, _shown(before), _shown(after))


def _shown(value: Any) -> str:
    return ABSENT if value is None else str(value)
