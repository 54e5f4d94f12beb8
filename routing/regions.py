"""Which orders a rule can match, as sets that can be compared. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Protocol, Self

from routing.conditions import FIELDS
from routing.rules import Condition, Rule

Span = tuple[Decimal, Decimal]
LOWEST, HIGHEST = Decimal("-1E+12"), Decimal("1E+12")
FIRST_ZIP, LAST_ZIP = Decimal(0), Decimal(99_999)
NO_ZIP: Span = (Decimal(-9), Decimal(-9))
"""Stands for orders abroad, which have none of any ZIP codes."""


class Region(Protocol):
    """The values of one field that satisfy some conditions."""

    def is_empty(self) -> bool: ...
    def lies_within(self, other: Self) -> bool: ...
    def meets(self, other: Self) -> bool: ...
    def narrowed(self, other: Self) -> Self: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `among` (None: anything) but none of `without`."""

    among: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    @property
    def _left(self) -> frozenset[str] | None:
        return None if self.among is None else self.among - self.without

    def is_empty(self) -> bool:
        return self._left is not None and not self._left

    def lies_within(self, other: "Choice") -> bool:
        if self._left is None:
            return other.among is None and other.without <= self.without
        allowed = other.among is None or self._left <= other.among
        return allowed and self._left.isdisjoint(other.without)

    def meets(self, other: "Choice") -> bool:
        return not self.narrowed(other).is_empty()

    def narrowed(self, other: "Choice") -> "Choice":
        without = self.without | other.without
        if self.among is None or other.among is None:
            return Choice(self.among if other.among is None else other.among, without)
        return Choice(self.among & other.among, without)


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers in any of these spans, both ends counted."""

    spans: tuple[Span, ...]

    def is_empty(self) -> bool:
        return not self.spans

    def lies_within(self, other: "Spans") -> bool:
        return all(
            any(low <= start and end <= high for low, high in other.spans)
            for start, end in self.spans
        )

    def meets(self, other: "Spans") -> bool:
        return bool(self.narrowed(other).spans)

    def narrowed(self, other: "Spans") -> "Spans":
        both = (
            (max(low, start), min(high, end))
            for low, high in self.spans
            for start, end in other.spans
        )
        return Spans(tuple(sorted((low, high) for low, high in both if low <= high)))


@dataclass(frozen=True, slots=True)
class Marks:
    """Several words at once: some of each of `any_of`, all of `all_of`, none of `none_of`."""

    any_of: frozenset[frozenset[str]] = frozenset()
    all_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()

    def is_empty(self) -> bool:
        barred = not self.all_of.isdisjoint(self.none_of)
        return barred or any(words <= self.none_of for words in self.any_of)

    def lies_within(self, other: "Marks") -> bool:
        return (
            other.all_of <= self.all_of
            and other.none_of <= self.none_of
            and all(self._has_some(words) for words in other.any_of)
        )

    def _has_some(self, words: frozenset[str]) -> bool:
        return bool(words & self.all_of) or any(mine <= words for mine in self.any_of)

    def meets(self, other: "Marks") -> bool:
        return not self.narrowed(other).is_empty()

    def narrowed(self, other: "Marks") -> "Marks":
        return Marks(
            self.any_of | other.any_of, self.all_of | other.all_of, self.none_of | other.none_of
        )


@dataclass(frozen=True, slots=True)
class Territory:
    """Field → region: the orders a rule matches. A field not named may be anything."""

    regions: Mapping[str, Region] = field(default_factory=dict)

    @classmethod
    def of(cls, rule: Rule) -> "Territory":
        """Of a rule with valid conditions."""
        regions: dict[str, Region] = {}
        for condition in rule.conditions:
            for name, region in _regions(condition):
                regions[name] = regions[name].narrowed(region) if name in regions else region
        return cls(regions)

    def is_empty(self) -> bool:
        return any(region.is_empty() for region in self.regions.values())

    def lies_within(self, other: "Territory") -> bool:
        return all(
            name in self.regions and self.regions[name].lies_within(region)
            for name, region in other.regions.items()
        )

    def meets(self, other: "Territory") -> bool:
        return all(
            self.regions[name].meets(region)
            for name, region in other.regions.items()
            if name in self.regions
        )


def _regions(condition: Condition) -> list[tuple[str, Region]]:
    kind = FIELDS[condition.field].kind
    words = [value.strip().upper() for value in condition.values]
    if kind == "flag":
        return [(condition.field, Choice(frozenset({condition.operator})))]
    if kind == "text" and condition.operator == "starts_with":
        # Prefixes are only compared with the same prefixes; they may meet any word.
        return [(f"{condition.field} prefix", Marks(all_of=frozenset({"|".join(sorted(words))})))]
    if kind == "texts":
        return [(condition.field, _marks(condition.operator, frozenset(words)))]
    if kind == "zip":
        return [(condition.field, _zips(condition.operator, words))]
    if kind == "number":
        return [(condition.field, _numbers(condition.operator, words))]
    if kind == "money":
        currency = Choice(frozenset({condition.currency.upper()}))
        return [(condition.field, _numbers(condition.operator, words)), ("currency", currency)]
    return [(condition.field, _choice(condition.operator, frozenset(words)))]


def _choice(operator: str, words: frozenset[str]) -> Choice:
    if operator in ("is_not", "none_of"):
        return Choice(without=words)
    return Choice(words)


def _marks(operator: str, words: frozenset[str]) -> Marks:
    if operator == "has_all":
        return Marks(all_of=words)
    return Marks(none_of=words) if operator == "has_none" else Marks(frozenset({words}))


def _numbers(operator: str, words: list[str]) -> Spans:
    values = [Decimal(word) for word in words]
    if operator == "at_least":
        return Spans(((values[0], HIGHEST),))
    if operator == "at_most":
        return Spans(((LOWEST, values[0]),))
    return Spans(((values[0], values[-1]),))


def _zips(operator: str, words: list[str]) -> Spans:
    if operator == "starts_with":
        return _joined(
            [(Decimal(word.ljust(5, "0")), Decimal(word.ljust(5, "9"))) for word in words]
        )
    values = sorted({Decimal(word) for word in words})
    if operator == "between":
        return Spans(((values[0], values[-1]),))
    points = Spans(tuple((value, value) for value in values))
    return _without(values) if operator == "none_of" else points


def _joined(spans: list[Span]) -> Spans:
    """Spans that touch as one, so that 890 and 891 together hold 89000–89199."""
    merged: list[Span] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return Spans(tuple(merged))


def _without(values: list[Decimal]) -> Spans:
    edges = [FIRST_ZIP - 1, *values, LAST_ZIP + 1]
    gaps = ((low + 1, high - 1) for low, high in pairwise(edges))
    return Spans((NO_ZIP, *((low, high) for low, high in gaps if low <= high)))
