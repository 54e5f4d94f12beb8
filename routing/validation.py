"""What is wrong with a rule as somebody typed it, in sentences. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from routing.conditions import FIELDS, OPERATORS, VALUE_COUNTS, Field
from routing.geography import US_STATES
from routing.rules import (
    ACTIONS,
    FACTORS,
    FORBID,
    HOLD,
    PREFER,
    REQUIRE,
    REVIEW,
    SET_WEIGHTS,
    TAG,
    TARGETS,
    Condition,
    Outcome,
    Rule,
)

_COUNTRY = re.compile(r"[A-Z]{2}", re.IGNORECASE)
_ZIP = re.compile(r"\d{5}")
_ZIP_PREFIX = re.compile(r"\d{1,5}")
_CURRENCY = re.compile(r"[A-Z]{3}", re.IGNORECASE)
_TAG = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_BIGGEST = 10**9
BIGGEST_WEIGHT = 1000


def validate_rule(rule: Rule) -> list[str]:
    """Sentences naming each mistake of the rule; empty when it can be published."""
    wrong = [] if rule.name.strip() else ["The rule has no name; give it one staff will recognise."]
    if not rule.outcomes:
        wrong.append("The rule does nothing; add an outcome or remove the rule.")
    return wrong + validate_conditions(rule.conditions) + validate_outcomes(rule.outcomes)


def validate_conditions(conditions: Iterable[Condition]) -> list[str]:
    """Sentences naming each mistake; empty when every condition can be asked."""
    return [sentence for condition in conditions for sentence in _faults(condition)]


def validate_outcomes(outcomes: Iterable[Outcome]) -> list[str]:
    """Sentences naming each mistake; empty when every outcome can be applied."""
    return [sentence for outcome in outcomes for sentence in _outcome_faults(outcome)]


def _faults(condition: Condition) -> Iterator[str]:
    field = FIELDS.get(condition.field)
    if field is None:
        yield f"“{condition.field}” is nothing a rule can ask about; choose a field from the list."
        return
    if condition.operator not in field.operators:
        fitting = ", ".join(OPERATORS[name] for name in field.operators)
        asked = OPERATORS.get(condition.operator, condition.operator)
        yield f"{field.label} cannot be asked with “{asked}”; it goes with: {fitting}."
        return
    yield from _count_faults(field, condition) or _value_faults(field, condition)


def _count_faults(field: Field, condition: Condition) -> list[str]:
    wanted = VALUE_COUNTS.get(condition.operator)
    given = len(condition.values)
    verb = OPERATORS[condition.operator]
    if condition.operator in VALUE_COUNTS and given != wanted:
        needed = {0: "no value", 1: "one value", 2: "two values"}[wanted or 0]
        return [f"{field.label} “{verb}” takes {needed}, not {given}."]
    if wanted is None and not given:
        return [f"{field.label} “{verb}” needs at least one value."]
    return []


def _value_faults(field: Field, condition: Condition) -> list[str]:
    blank = [f"{field.label} has an empty value." for v in condition.values if not v.strip()]
    return blank or list(_CHECKS.get(field.kind, _no_fault)(field, condition))


def _no_fault(field: Field, condition: Condition) -> Iterator[str]:
    yield from ()


def _code_faults(field: Field, condition: Condition) -> Iterator[str]:
    for value in condition.values:
        if field.name == "country" and not _COUNTRY.fullmatch(value.strip()):
            yield f"“{value}” is not a two-letter country code; write one as in US."
        if field.name == "state" and value.strip().upper() not in US_STATES:
            yield f"“{value}” is not a US state or territory; write two letters as in NV."


def _zip_faults(field: Field, condition: Condition) -> Iterator[str]:
    prefix = condition.operator == "starts_with"
    pattern, shape = (_ZIP_PREFIX, "one to five digits") if prefix else (_ZIP, "five digits")
    if condition.operator == "between" and all(map(_ZIP_PREFIX.fullmatch, condition.values)):
        low, high = condition.values
        if int(low) > int(high):
            yield f"ZIP range {low}-{high} ends before it begins; swap the two or correct one."
            return
    for value in condition.values:
        if not pattern.fullmatch(value):
            yield f"“{value}” is not a ZIP code of {shape}."


def _number_faults(field: Field, condition: Condition) -> Iterator[str]:
    wrong = [value for value in condition.values if not _is_whole(value)]
    yield from (f"{field.label}: “{value}” is not a whole number." for value in wrong)
    if not wrong and condition.operator == "between":
        yield from _range_faults(field, condition)


def _money_faults(field: Field, condition: Condition) -> Iterator[str]:
    if not _CURRENCY.fullmatch(condition.currency):
        yield f"{field.label} needs a currency of three letters, as in USD."
    wrong = [value for value in condition.values if not _is_amount(value)]
    yield from (f"{field.label}: “{value}” is not an amount such as 250.00." for value in wrong)
    if not wrong and condition.operator == "between":
        yield from _range_faults(field, condition)


def _range_faults(field: Field, condition: Condition) -> Iterator[str]:
    low, high = condition.values
    if Decimal(low) > Decimal(high):
        yield f"{field.label} range {low}-{high} ends before it begins; swap the two."


def _is_whole(value: str) -> bool:
    return bool(re.fullmatch(r"-?\d{1,9}", value, re.ASCII))


def _is_amount(value: str) -> bool:
    try:
        return 0 <= Decimal(value) <= _BIGGEST
    except InvalidOperation:
        return False


_CHECKS: Mapping[str, Callable[[Field, Condition], Iterable[str]]] = {
    "code": _code_faults,
    "zip": _zip_faults,
    "number": _number_faults,
    "money": _money_faults,
}


def _outcome_faults(outcome: Outcome) -> Iterator[str]:
    label = ACTIONS.get(outcome.action)
    if label is None:
        yield f"“{outcome.action}” is nothing a rule can do; choose an outcome from the list."
    elif outcome.action in (REQUIRE, PREFER, FORBID):
        yield from _target_faults(outcome, label)
    elif outcome.action == SET_WEIGHTS:
        yield from _weight_faults(outcome)
    elif outcome.action == TAG:
        yield from _tag_faults(outcome)
    elif outcome.action in (HOLD, REVIEW) and not outcome.text.strip():
        yield f"{label} needs a reason that staff will read."


def _tag_faults(outcome: Outcome) -> Iterator[str]:
    if not outcome.codes:
        yield "Tag needs at least one tag."
    for tag in outcome.codes:
        if not _TAG.fullmatch(tag):
            yield f"“{tag}” is no tag; use letters, digits, - and _, 40 at most."


def _target_faults(outcome: Outcome, label: str) -> Iterator[str]:
    if outcome.target not in TARGETS:
        yield f"{label}: say whether it is a warehouse, a carrier or a service."
    elif not outcome.codes:
        yield f"{label}: choose at least one {outcome.target}."
    if outcome.action == PREFER and not 1 <= outcome.percent <= 100:
        yield f"Prefer takes a strength from 1 to 100, not {outcome.percent}."


def _weight_faults(outcome: Outcome) -> Iterator[str]:
    if not outcome.weights:
        yield "Set the weights: name at least one factor."
    for factor, weight in sorted(outcome.weights.items()):
        if factor not in FACTORS:
            yield f"“{factor}” is no factor; the factors are {', '.join(FACTORS)}."
        elif not 0 <= weight <= BIGGEST_WEIGHT:
            yield f"The weight of {factor} is {weight}; use 0 to {BIGGEST_WEIGHT}."
