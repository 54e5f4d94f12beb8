"""The codes and words that rules may name, and rules written with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from orders.models import Tag
from routing.rule_words import Names
from routing.rules import FORBID, PREFER, REQUIRE, TARGETS, Condition, Outcome, Rule
from routing.validation import validate_conditions, validate_outcomes
from warehouses.models import Carrier, CarrierService, Warehouse

NAMED_AT_MOST = 12
_ASKED = {"wanted_carrier": "carrier", "wanted_service": "service"}
"""Fields whose values are codes of ours."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Code → name, by kind of thing: warehouse, carrier, service."""

    known: Mapping[str, Mapping[str, str]]
    tags: tuple[str, ...]

    @property
    def names(self) -> Names:
        """As rules are read aloud: warehouses go by their code."""
        return {
            (target, code): name
            for target in ("carrier", "service")
            for code, name in self.known[target].items()
        }

    def spelled(self, rule: Rule) -> Rule:
        """The rule with codes as we write them, however they were typed."""
        return replace(
            rule,
            conditions=tuple(self._spelled_condition(one) for one in rule.conditions),
            outcomes=tuple(self._spelled_outcome(one) for one in rule.outcomes),
        )

    def condition_faults(self, condition: Condition) -> list[str]:
        """Sentences for each mistake in the condition."""
        faults = validate_conditions([condition])
        target = _ASKED.get(condition.field, "")
        return faults or list(self._unknown(target, condition.values))

    def outcome_faults(self, outcome: Outcome) -> list[str]:
        """Sentences for each mistake in the outcome."""
        faults = validate_outcomes([outcome])
        target = outcome.target if outcome.action in (REQUIRE, PREFER, FORBID) else ""
        return faults or list(self._unknown(target, outcome.codes))

    def _spelled_condition(self, condition: Condition) -> Condition:
        target = _ASKED.get(condition.field, "")
        return replace(condition, values=self._as_ours(target, condition.values))

    def _spelled_outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, codes=self._as_ours(outcome.target, outcome.codes))

    def _as_ours(self, target: str, typed: Iterable[str]) -> tuple[str, ...]:
        ours = self._by_word(target)
        return tuple(dict.fromkeys(ours.get(word.casefold(), word) for word in typed))

    def _by_word(self, target: str) -> dict[str, str]:
        """Code by everything it is called, in small letters; a code beats another's name."""
        known = self.known.get(target, {})
        names = {name.casefold(): code for code, name in known.items()}
        return names | {code.casefold(): code for code in known}

    def _unknown(self, target: str, codes: Iterable[str]) -> Iterator[str]:
        if target not in TARGETS:
            return
        ours = self._by_word(target)
        for code in codes:
            if code.casefold() not in ours:
                yield f"“{code}” is no {target} of ours; choose from {self._listed(target)}."

    def _listed(self, target: str) -> str:
        codes = sorted(self.known[target])
        more = len(codes) - NAMED_AT_MOST
        return ", ".join(codes[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def vocabulary() -> Vocabulary:
    """As the network stands; four queries."""
    return Vocabulary(
        known={
            "warehouse": dict(Warehouse.objects.order_by("code").values_list("code", "name")),
            "carrier": dict(Carrier.objects.order_by("code").values_list("code", "name")),
            "service": dict(CarrierService.objects.order_by("code").values_list("code", "name")),
        },
        tags=tuple(Tag.objects.order_by("name").values_list("name", flat=True)),
    )
