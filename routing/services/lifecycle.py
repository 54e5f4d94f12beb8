"""A ruleset's life: draft, published at once or at a set time, archived, published again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from core.actor import current_actor
from core.audit import record_audit
from core.periodic import scheduled
from routing.errors import RuleNotValid, RulesetNotEditable, RulesetRefused
from routing.models import Rule, Ruleset, RulesetState, SimulationState
from routing.services.rules import plain_rule, rules_of, write_rules
from routing.validation import validate_rule

_COPIED = [
    field.name
    for field in Ruleset._meta.concrete_fields
    if field.name.startswith(("weight_", "confidence_"))
] + [
    "threshold",
    "state_preferences",
    "max_parcels",
    "smallest_part_units",
    "fresh_stock_days",
    "stale_stock_days",
    "full_margin_percent",
    "price_margin_percent",
]


@transaction.atomic
def copy_ruleset(ruleset: Ruleset, name: str = "") -> Ruleset:
    """A draft with the same figures and rules, to be changed and published."""
    draft = Ruleset.objects.create(
        name=(name or ruleset.name)[:100],
        copied_from=ruleset,
        created_by_id=current_actor.get().user_id,
        **{column: getattr(ruleset, column) for column in _COPIED},
    )
    write_rules(draft, rules_of(ruleset).rules)
    record_audit("copy_ruleset", draft, after={"copied_from": str(ruleset)})
    return draft


def check_editable(ruleset: Ruleset) -> None:
    """Raises RulesetNotEditable."""
    if not ruleset.is_draft:
        raise RulesetNotEditable(str(ruleset))


@transaction.atomic
def touch_draft(ruleset: Ruleset) -> None:
    """Say that a draft changed, so that its simulations count as old. Raises RulesetNotEditable."""
    changed = Ruleset.objects.filter(pk=ruleset.pk, state=RulesetState.DRAFT)
    if not changed.update(version=F("version") + 1):
        raise RulesetNotEditable(str(ruleset))


def check_rule(rule: Rule) -> None:
    """Raises RuleNotValid with a sentence for each mistake of a stored rule."""
    if faults := validate_rule(plain_rule(rule)):
        raise RuleNotValid(faults)


def is_simulated(draft: Ruleset) -> bool:
    """Whether the draft, as it stands, was tried on past orders to the end."""
    return draft.simulations.filter(
        state=SimulationState.DONE, ruleset_version=draft.version
    ).exists()


@transaction.atomic
def publish_ruleset(
    ruleset: Ruleset, *, at: datetime | None = None, although_not_simulated: bool = False
) -> Ruleset:
    """Put a draft, or an archived ruleset again, in force: now, or at a moment to come.

    A draft that was never simulated as it stands is refused until the caller insists. Raises
    RulesetRefused, RuleNotValid.
    """
    ruleset = _locked(ruleset)
    if ruleset.state not in (RulesetState.DRAFT, RulesetState.ARCHIVED):
        raise RulesetRefused(f"Ruleset {ruleset} is {ruleset.get_state_display().lower()} already.")
    _check_publishable(ruleset, although_not_simulated)
    if at is not None and at <= timezone.now():
        raise RulesetRefused("The time to put it in force has passed. Choose a later one, or none.")
    if ruleset.number is None:
        highest = Ruleset.objects.aggregate(highest=Max("number"))["highest"] or 0
        ruleset.number = highest + 1
    ruleset.published_by_id = current_actor.get().user_id
    if at is not None:
        return _save(ruleset, "schedule_ruleset", state=RulesetState.SCHEDULED, active_from=at)
    return _put_in_force(ruleset, active_from=None)


def _check_publishable(ruleset: Ruleset, although_not_simulated: bool) -> None:
    if not ruleset.rules.filter(is_active=True).exists():
        raise RulesetRefused(
            f"{ruleset} has no active rule, so nothing could be routed. Add a rule first."
        )
    for rule in ruleset.rules.prefetch_related("conditions", "outcomes"):
        check_rule(rule)
    if ruleset.is_draft and not although_not_simulated and not is_simulated(ruleset):
        raise RulesetRefused(
            f"{ruleset} was not simulated as it stands now. Simulate it first, or say that you "
            "want to publish it all the same."
        )


@transaction.atomic
def unschedule_ruleset(ruleset: Ruleset) -> Ruleset:
    """A scheduled ruleset will not come into force by itself. Raises RulesetRefused."""
    ruleset = _locked(ruleset)
    if ruleset.state != RulesetState.SCHEDULED:
        raise RulesetRefused(f"Ruleset {ruleset} is not scheduled.")
    return _save(
        ruleset,
        "unschedule_ruleset",
        state=RulesetState.ARCHIVED,
        active_from=None,
        archived_at=timezone.now(),
    )


@scheduled(every=timedelta(minutes=1))
def publish_due_rulesets() -> int:
    """Put scheduled rulesets in force whose time has come; returns how many."""
    return publish_due(timezone.now())


@transaction.atomic
def publish_due(now: datetime) -> int:
    due = Ruleset.objects.filter(state=RulesetState.SCHEDULED, active_from__lte=now)
    if not due.exists():
        return 0
    _lock_all()
    rows = list(due.order_by("active_from", "number"))
    for ruleset in rows:
        _put_in_force(ruleset)
    return len(rows)


def _locked(ruleset: Ruleset) -> Ruleset:
    _lock_all()
    return Ruleset.objects.get(pk=ruleset.pk)


def _lock_all() -> None:
    """Two people who publish at once take turns: only one is in force, and no number is twice."""
    list(Ruleset.objects.select_for_update().order_by("pk").values_list("pk"))


def _put_in_force(ruleset: Ruleset, **changes: Any) -> Ruleset:
    """Exactly one is in force: the one before makes room in the same transaction."""
    now = timezone.now()
    for old in Ruleset.objects.filter(state=RulesetState.PUBLISHED):
        _save(old, "archive_ruleset", state=RulesetState.ARCHIVED, archived_at=now)
    return _save(
        ruleset,
        "publish_ruleset",
        state=RulesetState.PUBLISHED,
        published_at=now,
        archived_at=None,
        **changes,
    )


def _save(ruleset: Ruleset, action: str, **changes: Any) -> Ruleset:
    before = {"state": ruleset.state}
    for name, value in changes.items():
        setattr(ruleset, name, value)
    ruleset.save(update_fields=["number", "published_by", *changes])
    record_audit(action, ruleset, before=before, after={"state": ruleset.state})
    return ruleset
