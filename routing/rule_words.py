"""A rule as staff read it: “Destination state is NV”, “prefer carrier FedEx 100 %”. Pure."""

from collections.abc import Mapping, Sequence

from routing.conditions import FIELDS, OPERATORS
from routing.rules import ACTIONS, HOLD, PREFER, REVIEW, SET_WEIGHTS, TAG, Condition, Outcome

SPACE = "\N{NO-BREAK SPACE}"
PERCENT = f"{SPACE}%"

Names = Mapping[tuple[str, str], str]
"""(target, code) → the name on screen; what is not in it is shown by its code."""


def condition_words(condition: Condition) -> str:
    """One question with its values and unit."""
    field = FIELDS.get(condition.field)
    if field is None:
        return f"“{condition.field}” (nothing a rule can ask about)"
    verb = OPERATORS.get(condition.operator, condition.operator)
    joint = " and " if condition.operator == "between" else ", "
    values = joint.join(condition.values)
    unit = condition.currency.upper() if field.kind == "money" else field.unit
    return " ".join(filter(None, [field.label, verb, values, unit if values else ""]))


def outcome_words(outcome: Outcome, names: Names) -> str:
    """What is done, in the imperative."""
    label = ACTIONS.get(outcome.action, outcome.action)
    if outcome.action == SET_WEIGHTS:
        weights = ", ".join(f"{name} {weight}" for name, weight in outcome.weights.items())
        return f"{label}: {weights}"
    if outcome.action in (HOLD, REVIEW):
        return f"{label}: {outcome.text}"
    if outcome.action == TAG:
        return f"{label} {', '.join(outcome.codes)}"
    strength = f"{SPACE}{outcome.percent}{PERCENT}" if outcome.action == PREFER else ""
    return f"{label} {outcome.target} {_named(outcome, names)}{strength}"


def outcomes_words(outcomes: Sequence[Outcome], names: Names) -> str:
    """All outcomes in one line; preferences for the same kind of thing are said once."""
    said: list[str] = []
    before: Outcome | None = None
    for outcome in outcomes:
        again = before is not None and _same_preference(before, outcome)
        if again:
            said[-1] += f", {_named(outcome, names)}{SPACE}{outcome.percent}{PERCENT}"
        else:
            said.append(outcome_words(outcome, names))
        before = outcome
    return "; ".join(said)


def _same_preference(before: Outcome, outcome: Outcome) -> bool:
    return before.action == outcome.action == PREFER and before.target == outcome.target


def _named(outcome: Outcome, names: Names) -> str:
    return " or ".join(names.get((outcome.target, code), code) for code in outcome.codes)
