"""What a simulation counted, as lines of before, after and difference. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from routing.sentences import money

Summary = Mapping[str, int]
"""Counts by name, as in before.review, after.cents.USD, before.warehouse.RNO1."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: before, after, and the difference; `is_better` is None where neither is."""

    label: str
    before: str
    after: str
    difference: str
    is_better: bool | None = None


def figures(summary: Summary) -> Iterator[Figure]:
    """Cost, days, splits, reviews and orders without a route."""
    currencies = sorted({name.rsplit(".", 1)[1] for name in summary if ".cents." in name})
    for currency in currencies:
        yield _cost(summary, currency)
    yield _days(summary)
    for name, label in _COUNTED.items():
        before, after = summary.get(f"before.{name}", 0), summary.get(f"after.{name}", 0)
        difference = f"{after - before:+,}" if after != before else "same"
        yield Figure(label, f"{before:,}", f"{after:,}", difference, _is_less(before, after))


_COUNTED = {
    "review": "Orders that a person reviews",
    "splits": "Split shipments",
    "impossible": "Orders without any route",
}


def _cost(summary: Summary, currency: str) -> Figure:
    before, after = (summary.get(f"{side}.cents.{currency}", 0) for side in ("before", "after"))
    sign = "+" if after > before else "−"
    share = f" ({sign}{abs(after - before) / before:.1%})" if before else ""
    difference = f"{sign}{money(abs(after - before), currency)}{share}"
    label = f"Cost, {currency}"
    old, new = (f"{cents // 100:,}.{cents % 100:02}" for cents in (before, after))
    return Figure(
        label, old, new, difference if after != before else "same", _is_less(before, after)
    )


def _days(summary: Summary) -> Figure:
    before, after = (_mean(summary, side) for side in ("before", "after"))
    if before is None or after is None:
        return Figure("Days to the door, on average", "–", "–", "–")
    difference = f"{after - before:+.2f}" if round(after - before, 2) else "same"
    old, new = f"{before:.2f}", f"{after:.2f}"
    return Figure("Days to the door, on average", old, new, difference, _is_less(before, after))


def _mean(summary: Summary, side: str) -> float | None:
    dated = summary.get(f"{side}.dated", 0)
    return summary.get(f"{side}.days", 0) / dated if dated else None


def _is_less(before: float, after: float) -> bool | None:
    return None if before == after else after < before


def counts_of(summary: Summary, prefix: str) -> dict[str, int]:
    """The counts whose names begin so, by the rest of the name."""
    return {
        name.removeprefix(prefix): count
        for name, count in summary.items()
        if name.startswith(prefix)
    }
