"""A draft is edited: its rules are added, replaced, moved, switched and removed; its figures set.

Every change is one transaction with an audit event, and makes the draft's simulations old.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from core.actor import current_actor
from core.audit import record_audit, snapshot
from routing.errors import RuleNotValid, RulesetChanged, RulesetRefused
from routing.models import Rule, Ruleset
from routing.rule_words import condition_words, outcomes_words
from routing.rules import Rule as PlainRule
from routing.services.lifecycle import check_editable, touch_draft
from routing.services.rules import plain_rule, write_conditions_and_outcomes, write_rules
from routing.services.vocabulary import vocabulary
from routing.validation import validate_rule

STEP = 10
"""Between positions, so that a rule fits in later."""

LAST = 0
"""As a position: after all others."""


@transaction.atomic
def create_draft(name: str, note: str = "") -> Ruleset:
    """A draft with the usual figures and no rules yet."""
    draft = Ruleset.objects.create(name=name, note=note, created_by_id=current_actor.get().user_id)
    record_audit("add_ruleset", draft, after=snapshot(draft))
    return draft


@transaction.atomic
def edit_figures(ruleset: Ruleset, version: int, changes: Mapping[str, Any]) -> Ruleset:
    """Set columns of a draft that was seen at `version`.

    Raises RulesetNotEditable, RulesetChanged, RulesetRefused.
    """
    draft = _opened(ruleset)
    if draft.version != version:
        raise RulesetChanged(str(draft))
    before = snapshot(draft)
    for column, value in changes.items():
        setattr(draft, column, value)
    try:
        draft.clean_fields()
    except ValidationError as error:
        raise RulesetRefused(" ".join(error.messages)) from error
    draft.save(update_fields=list(changes))
    touch_draft(draft)
    record_audit("change_ruleset", draft, before=before, after=snapshot(draft))
    return draft


@transaction.atomic
def add_rule(ruleset: Ruleset, rule: PlainRule) -> Rule:
    """Write a new rule at its position, or after all others at LAST.

    Raises RulesetNotEditable, RuleNotValid, RulesetRefused for a position that is taken.
    """
    draft, rule = _opened(ruleset), _checked(rule)
    if rule.position == LAST:
        rule = replace(rule, position=_highest(draft) + STEP)
    _check_free(draft, rule.position)
    (row,) = write_rules(draft, [rule])
    _changed(draft, "add_rule", row, {}, _told(rule))
    return row


@transaction.atomic
def replace_rule(row: Rule, rule: PlainRule, *, seen: str) -> Rule:
    """Make the stored rule say `rule`; `seen` is the fingerprint of what was edited.

    Raises RulesetNotEditable, RuleNotValid, RulesetChanged when somebody else changed it since,
    RulesetRefused for a position that is taken.
    """
    draft, rule = _opened(row.ruleset), _checked(rule)
    row = _fresh(row)
    if fingerprint(row) != seen:
        raise RulesetChanged(str(row))
    before = _told(plain_rule(row))
    if rule.position != row.position:
        _check_free(draft, rule.position)
    row.position, row.name, row.stop, row.is_active = (
        rule.position,
        rule.name,
        rule.stop,
        rule.is_active,
    )
    row.save()
    row.conditions.all().delete()
    row.outcomes.all().delete()
    write_conditions_and_outcomes(row, rule)
    _changed(draft, "change_rule", row, before, _told(rule))
    return row


@transaction.atomic
def move_rule(row: Rule, *, up: bool) -> bool:
    """Change places with the neighbour; False when there is none. Raises RulesetNotEditable."""
    draft, row = _opened(row.ruleset), _fresh(row)
    others = draft.rules.filter(position__lt=row.position).order_by("-position")
    if not up:
        others = draft.rules.filter(position__gt=row.position).order_by("position")
    other = others.first()
    if other is None:
        return False
    mine, its = row.position, other.position
    # One position never holds two rules, not even for a moment.
    for moved, position in ((row, _highest(draft) + 1), (other, mine), (row, its)):
        moved.position = position
        moved.save(update_fields=["position"])
    _changed(draft, "move_rule", row, {"position": mine}, {"position": its})
    return True


@transaction.atomic
def switch_rule(row: Rule, *, is_active: bool) -> None:
    """Switch a rule of a draft on or off. Raises RulesetNotEditable."""
    draft, row = _opened(row.ruleset), _fresh(row)
    before = {"is_active": row.is_active}
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    _changed(draft, "switch_rule", row, before, {"is_active": is_active})


@transaction.atomic
def remove_rule(row: Rule) -> None:
    """Take a rule out of a draft. Raises RulesetNotEditable."""
    draft, row = _opened(row.ruleset), _fresh(row)
    _changed(draft, "remove_rule", row, _told(plain_rule(row)), {})
    row.delete()


def fingerprint(row: Rule) -> str:
    """Tells two states of a rule apart, without a version of its own."""
    return hashlib.sha256(repr(plain_rule(row)).encode()).hexdigest()[:20]


def _opened(ruleset: Ruleset) -> Ruleset:
    """The draft, locked, so that its editors take turns."""
    draft = Ruleset.objects.select_for_update().get(pk=ruleset.pk)
    check_editable(draft)
    return draft


def _fresh(row: Rule) -> Rule:
    found = Rule.objects.filter(pk=row.pk).select_related("ruleset").first()
    if found is None:
        raise RulesetChanged(str(row))
    return found


def _checked(rule: PlainRule) -> PlainRule:
    words = vocabulary()
    rule = words.spelled(rule)
    faults = validate_rule(rule)
    if not faults:
        faults = [fault for one in rule.conditions for fault in words.condition_faults(one)]
        faults += [fault for one in rule.outcomes for fault in words.outcome_faults(one)]
    if faults:
        raise RuleNotValid(faults)
    return rule


def _check_free(draft: Ruleset, position: int) -> None:
    taken = draft.rules.filter(position=position).first()
    if taken is not None:
        raise RulesetRefused(
            f"Position {position} is taken by “{taken.name}”. Choose another number between the "
            "neighbours, or leave it and use Move up and Move down."
        )


def _highest(draft: Ruleset) -> int:
    highest: int = draft.rules.aggregate(highest=Max("position"))["highest"] or 0
    return highest


def _changed(
    draft: Ruleset, action: str, row: Rule, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    touch_draft(draft)
    record_audit(action, draft, before=before, after=after, reason=f"Rule {row}")


def _told(rule: PlainRule) -> dict[str, Any]:
    """The rule in words, for the audit trail."""
    return {
        "position": rule.position,
        "name": rule.name,
        "when": " and ".join(map(condition_words, rule.conditions)),
        "then": outcomes_words(rule.outcomes, {}),
        "stop": rule.stop,
        "is_active": rule.is_active,
    }
