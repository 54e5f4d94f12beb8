"""A stored ruleset as the plain values that decisions are made by, and back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core.audit import record_audit
from routing.default_rules import default_rules
from routing.errors import NoRulesetInForce
from routing.models import Rule, RuleCondition, RuleOutcome, Ruleset, RulesetState
from routing.rules import CONFIDENCE_PARTS, FACTORS, SET_WEIGHTS, Condition, Outcome, Rules
from routing.rules import Rule as PlainRule

_FIGURES = (
    "threshold",
    "max_parcels",
    "smallest_part_units",
    "fresh_stock_days",
    "stale_stock_days",
    "full_margin_percent",
)


def ruleset_in_force() -> Ruleset:
    """Raises NoRulesetInForce."""
    found = Ruleset.objects.filter(state=RulesetState.PUBLISHED).first()
    if found is None:
        raise NoRulesetInForce()
    return found


def rules_of(ruleset: Ruleset) -> Rules:
    """The whole ruleset in three queries."""
    rows = ruleset.rules.order_by("position").prefetch_related("conditions", "outcomes")
    return Rules(
        version=ruleset.number or 0,
        rules=tuple(plain_rule(row) for row in rows),
        weights={name: getattr(ruleset, f"weight_{name}") for name in FACTORS},
        confidence_weights={
            name: getattr(ruleset, f"confidence_{name}") for name in CONFIDENCE_PARTS
        },
        state_preferences=listed(ruleset.state_preferences.upper()),
        **{name: getattr(ruleset, name) for name in _FIGURES},
    )


def plain_rule(row: Rule) -> PlainRule:
    return PlainRule(
        position=row.position,
        name=row.name,
        conditions=tuple(plain_condition(one) for one in row.conditions.all()),
        outcomes=tuple(plain_outcome(one) for one in row.outcomes.all()),
        stop=row.stop,
        is_active=row.is_active,
    )


def plain_condition(row: RuleCondition) -> Condition:
    return Condition(row.field, row.operator, listed(row.values), row.currency)


def plain_outcome(row: RuleOutcome) -> Outcome:
    weights = weights_of(row.codes) if row.action == SET_WEIGHTS else {}
    codes = () if row.action == SET_WEIGHTS else listed(row.codes)
    return Outcome(row.action, row.target, codes, row.percent, weights, row.text)


def listed(text: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def weights_of(text: str) -> dict[str, int]:
    """“cost 50, transit 20” as numbers; a part that is no weight counts as −1, which is refused."""
    weights = {}
    for part in listed(text):
        name, _space, figure = part.rpartition(" ")
        weights[(name or part).strip().lower()] = int(figure) if figure.isdecimal() else -1
    return weights


@transaction.atomic
def ensure_default_ruleset() -> Ruleset | None:
    """Publish the merchant's habits where there is no ruleset at all; None when there is one."""
    if Ruleset.objects.exists():
        return None
    habits = default_rules()
    ruleset = Ruleset.objects.create(
        number=1,
        name="Habits of the house",
        state=RulesetState.PUBLISHED,
        published_at=timezone.now(),
        state_preferences=", ".join(habits.state_preferences),
        **{name: getattr(habits, name) for name in _FIGURES},
        **{f"weight_{name}": weight for name, weight in habits.weights.items()},
        **{f"confidence_{name}": part for name, part in habits.confidence_weights.items()},
    )
    write_rules(ruleset, habits.rules)
    record_audit("publish_ruleset", ruleset, after={"state": ruleset.state})
    return ruleset


def write_rules(ruleset: Ruleset, rules: Iterable[PlainRule]) -> list[Rule]:
    """Add these rules to a ruleset that has none at their positions."""
    rows = []
    for rule in rules:
        row = ruleset.rules.create(
            position=rule.position, name=rule.name, stop=rule.stop, is_active=rule.is_active
        )
        write_conditions_and_outcomes(row, rule)
        rows.append(row)
    return rows


def write_conditions_and_outcomes(row: Rule, rule: PlainRule) -> None:
    """Into a rule that has none."""
    RuleCondition.objects.bulk_create(_condition(row, one) for one in rule.conditions)
    RuleOutcome.objects.bulk_create(_outcome(row, one) for one in rule.outcomes)


def _condition(rule: Rule, one: Condition) -> RuleCondition:
    return RuleCondition(
        rule=rule,
        field=one.field,
        operator=one.operator,
        values=", ".join(one.values),
        currency=one.currency,
    )


def _outcome(rule: Rule, one: Outcome) -> RuleOutcome:
    weights = ", ".join(f"{name} {figure}" for name, figure in one.weights.items())
    return RuleOutcome(
        rule=rule,
        action=one.action,
        target=one.target,
        codes=weights or ", ".join(one.codes),
        percent=one.percent,
        text=one.text,
    )
