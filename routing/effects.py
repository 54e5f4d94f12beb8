"""Rules applied to one order, in their order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from routing.conditions import Question, compile_condition
from routing.facts import OrderFacts
from routing.rules import (
    FORBID,
    HOLD,
    PREFER,
    REQUIRE,
    REVIEW,
    SET_WEIGHTS,
    TAG,
    Outcome,
    Rule,
    Rules,
)
from routing.validation import validate_rule


@dataclass(frozen=True, slots=True)
class AppliedRule:
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that cannot be asked, left out of the decision and named in it."""

    position: int
    name: str
    sentence: str


@dataclass(slots=True)
class Effects:
    """What all matching rules ask for together. `required` and `forbidden` go by target."""

    weights: dict[str, int]
    required: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=dict)
    forbidden: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=dict)
    preferred: dict[tuple[str, str], int] = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    applied: list[AppliedRule] = field(default_factory=list)

    def apply(self, outcome: Outcome, rule: Rule) -> None:
        """Add one outcome; a later rule adds to an earlier one and never takes back."""
        codes = frozenset(outcome.codes)
        if outcome.action == REQUIRE:
            self.required.setdefault(outcome.target, []).append((codes, rule.name))
        elif outcome.action == FORBID:
            self.forbidden.setdefault(outcome.target, []).append((codes, rule.name))
        elif outcome.action == PREFER:
            self._prefer(outcome)
        elif outcome.action == SET_WEIGHTS:
            self.weights |= outcome.weights
        else:
            self._note(outcome, rule)

    def _prefer(self, outcome: Outcome) -> None:
        for code in outcome.codes:
            key = (outcome.target, code)
            self.preferred[key] = self.preferred.get(key, 0) + outcome.percent

    def _note(self, outcome: Outcome, rule: Rule) -> None:
        if outcome.action == TAG:
            self.tags += [code for code in outcome.codes if code not in self.tags]
        if outcome.action == HOLD:
            self.holds.append(outcome.text)
        if outcome.action == REVIEW:
            self.reviews.append(f"Rule “{rule.name}”: {outcome.text}")


@dataclass(frozen=True, slots=True)
class PreparedRules:
    """A ruleset with its questions made once for a batch."""

    rules: Rules
    questions: Sequence[tuple[Rule, tuple[Question, ...]]]
    broken: tuple[BrokenRule, ...]

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """Rules that cannot be asked are set aside in `broken`; nothing is raised."""
        faults = {id(rule): validate_rule(rule) for rule in rules.in_order()}
        sound = [rule for rule in rules.in_order() if not faults[id(rule)]]
        broken = (
            BrokenRule(rule.position, rule.name, faults[id(rule)][0])
            for rule in rules.in_order()
            if faults[id(rule)]
        )
        asked = [(rule, tuple(map(compile_condition, rule.conditions))) for rule in sound]
        return cls(rules, asked, tuple(broken))

    def effects_on(self, order: OrderFacts, today: date) -> Effects:
        effects = Effects(weights=dict(self.rules.weights))
        for rule, questions in self.questions:
            if not all(ask(order, today) for ask in questions):
                continue
            effects.applied.append(AppliedRule(rule.position, rule.name))
            for outcome in rule.outcomes:
                effects.apply(outcome, rule)
            if rule.stop:
                break
        return effects
