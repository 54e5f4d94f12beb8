"""Which questions a rule may ask about an order, and the asking. Pure.

`FIELDS` and `OPERATORS` carry what a form needs: labels, kinds and the operators that fit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from routing.facts import OrderFacts
from routing.geography import destination_country, destination_state, is_military
from routing.rules import Condition

Question = Callable[[OrderFacts, date], bool]
"""Asks one condition of an order; the date is today's, in the ruleset's time zone."""

OPERATORS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "one_of": "is one of",
    "none_of": "is none of",
    "at_least": "is at least",
    "at_most": "is at most",
    "between": "is between",
    "starts_with": "starts with",
    "is_true": "is true",
    "is_false": "is false",
    "has_any": "has any of",
    "has_all": "has all of",
    "has_none": "has none of",
}
KINDS: Mapping[str, tuple[str, ...]] = {
    "text": ("is", "is_not", "one_of", "none_of", "starts_with"),
    "code": ("is", "is_not", "one_of", "none_of"),
    "zip": ("starts_with", "between", "is", "one_of", "none_of"),
    "texts": ("has_any", "has_all", "has_none"),
    "number": ("at_least", "at_most", "between", "is"),
    "money": ("at_least", "at_most", "between"),
    "flag": ("is_true", "is_false"),
}
VALUE_COUNTS: Mapping[str, int | None] = {
    "is": 1,
    "is_not": 1,
    "at_least": 1,
    "at_most": 1,
    "between": 2,
    "is_true": 0,
    "is_false": 0,
}
"""How many values an operator takes; those not named take one or more."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a rule may ask about; `read` takes the order and today's date."""

    name: str
    label: str
    kind: str
    read: Callable[[OrderFacts, date], object]
    unit: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        return KINDS[self.kind]


def _days_until_promise(order: OrderFacts, today: date) -> int | None:
    return (order.promise_date - today).days if order.promise_date else None


def _zip(order: OrderFacts, _: date) -> str:
    return order.postal_code[:5] if destination_country(order) == "US" else ""


def _us_state(order: OrderFacts, _: date) -> str:
    """Empty abroad, where the letters of a region may be those of a state: Cádiz is CA too."""
    return destination_state(order).upper() if destination_country(order) == "US" else ""


_ALL = (
    Field("country", "Destination country", "code", lambda o, _: destination_country(o)),
    Field("state", "Destination state", "code", _us_state),
    Field("zip", "ZIP code", "zip", _zip),
    Field("source", "Source", "text", lambda o, _: o.source.upper()),
    Field("tags", "Tags", "texts", lambda o, _: _capitals(o.tags)),
    Field("sku", "SKUs", "texts", lambda o, _: _capitals(line.sku for line in o.lines)),
    Field("category", "Categories", "texts", lambda o, _: _capitals(n.category for n in o.lines)),
    Field("weight_grams", "Weight", "number", lambda o, _: o.weight_grams, unit="g"),
    Field("value", "Order value", "money", lambda o, _: o.value),
    Field("quantity", "Units", "number", lambda o, _: o.quantity, unit="units"),
    Field("hazmat", "Hazmat", "flag", lambda o, _: o.is_hazmat),
    Field("battery", "Lithium battery", "flag", lambda o, _: o.has_battery),
    Field("po_box", "PO box", "flag", lambda o, _: o.is_po_box),
    Field("military", "APO/FPO/DPO", "flag", lambda o, _: is_military(o)),
    Field("wanted_carrier", "Wanted carrier", "code", lambda o, _: o.wanted_carrier.upper()),
    Field("wanted_service", "Wanted service", "code", lambda o, _: o.wanted_service.upper()),
    Field("promise_days", "Days until the promise", "number", _days_until_promise, unit="days"),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _ALL}


def compile_condition(condition: Condition) -> Question:
    """Make the question of a valid condition. A figure the order lacks answers no.

    Raises KeyError or ValueError for what `validate_conditions` would have named.
    """
    read = FIELDS[condition.field].read
    ask = _TESTS[condition.operator](_operands(condition))
    if FIELDS[condition.field].kind != "money":
        return lambda order, today: ask(read(order, today))
    currency = condition.currency.upper()
    return lambda order, today: order.currency.upper() == currency and ask(read(order, today))


def _operands(condition: Condition) -> tuple[object, ...]:
    kind = FIELDS[condition.field].kind
    if kind == "number":
        return tuple(int(value) for value in condition.values)
    if kind == "money":
        return tuple(Decimal(value) for value in condition.values)
    return tuple(value.strip().upper() for value in condition.values)


def _capitals(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.upper() for word in words if word)


def _equal(values: tuple) -> Callable:
    return lambda found: found == values[0]


def _different(values: tuple) -> Callable:
    return lambda found: found != values[0]


def _among(values: tuple) -> Callable:
    return lambda found: found in values


def _not_among(values: tuple) -> Callable:
    return lambda found: found not in values


def _at_least(values: tuple) -> Callable:
    return lambda found: found is not None and found >= values[0]


def _at_most(values: tuple) -> Callable:
    return lambda found: found is not None and found <= values[0]


def _between(values: tuple) -> Callable:
    low, high = values
    return lambda found: found not in (None, "") and low <= found <= high


def _starts(values: tuple) -> Callable:
    return lambda found: found.startswith(values)


def _true(_: tuple) -> Callable:
    return bool


def _false(_: tuple) -> Callable:
    return lambda found: not found


def _any(values: tuple) -> Callable:
    return lambda found: not found.isdisjoint(values)


def _all(values: tuple) -> Callable:
    return lambda found: found.issuperset(values)


def _none(values: tuple) -> Callable:
    return lambda found: found.isdisjoint(values)


_TESTS: Mapping[str, Callable[[tuple], Callable]] = {
    "is": _equal,
    "is_not": _different,
    "one_of": _among,
    "none_of": _not_among,
    "at_least": _at_least,
    "at_most": _at_most,
    "between": _between,
    "starts_with": _starts,
    "is_true": _true,
    "is_false": _false,
    "has_any": _any,
    "has_all": _all,
    "has_none": _none,
}
