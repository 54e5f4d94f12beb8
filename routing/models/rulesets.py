"""A ruleset is a version: edited as a draft, published for good, replaced by the next one."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from routing.rules import DEFAULT_CONFIDENCE, DEFAULT_WEIGHTS


class RulesetState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "In force"
    ARCHIVED = "archived", "Archived"


def _weight(default: int, help_text: str = "") -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        default=default, validators=[MaxValueValidator(1000)], help_text=help_text
    )


class Ruleset(models.Model):
    """Weights, limits and rules. Once published nothing in it changes; one at most is in force."""

    number = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="Given when it is published."
    )
    name = models.CharField(max_length=100)
    note = models.TextField(blank=True, help_text="What changed, and why.")
    state = models.CharField(max_length=20, choices=RulesetState, default=RulesetState.DRAFT)
    active_from = models.DateTimeField(
        null=True, blank=True, help_text="From when a scheduled ruleset is in force."
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies"
    )
    version = models.PositiveIntegerField(default=1, help_text="Rises with every change.")

    weight_geography = _weight(
        DEFAULT_WEIGHTS["geography"], "Same state, then the preferred states, then distance."
    )
    weight_cost = _weight(DEFAULT_WEIGHTS["cost"], "The cheapest candidate has all of it.")
    weight_transit = _weight(DEFAULT_WEIGHTS["transit"], "Arrival against promise and pickup.")
    weight_stock = _weight(DEFAULT_WEIGHTS["stock"], "What would be left over the reorder point.")
    weight_load = _weight(DEFAULT_WEIGHTS["load"], "Orders of the day against the capacity.")
    weight_preference = _weight(DEFAULT_WEIGHTS["preference"], "What “prefer” rules say.")

    confidence_margin = _weight(DEFAULT_CONFIDENCE["margin"], "Lead over the second best.")
    confidence_address = _weight(DEFAULT_CONFIDENCE["address"], "What checking the address said.")
    confidence_contact = _weight(
        DEFAULT_CONFIDENCE["contact"], "Name, phone, e-mail, street and city."
    )
    confidence_stock = _weight(DEFAULT_CONFIDENCE["stock"], "How long ago the stock was counted.")
    confidence_estimates = _weight(
        DEFAULT_CONFIDENCE["estimates"], "Quotes count more than rate cards."
    )

    threshold = models.PositiveSmallIntegerField(
        default=60,
        validators=[MaxValueValidator(100)],
        help_text="Below this confidence a person reviews the decision.",
    )
    state_preferences = models.CharField(
        max_length=100,
        default="NV, CA",
        blank=True,
        help_text="States of warehouses by preference, after the destination's own.",
    )
    max_parcels = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="Into how many parcels an order may be split, where no warehouse has it all.",
    )
    smallest_part_units = models.PositiveSmallIntegerField(
        default=1, help_text="The fewest units a part of a split shipment may have."
    )
    fresh_stock_days = models.PositiveSmallIntegerField(
        default=7, help_text="Stock counted within so many days is trusted in full."
    )
    stale_stock_days = models.PositiveSmallIntegerField(
        default=30, help_text="Stock counted longer ago than this is not trusted at all."
    )
    full_margin_percent = models.PositiveSmallIntegerField(
        default=3, help_text="A lead of this share of the best score counts in full."
    )
    price_margin_percent = models.PositiveSmallIntegerField(
        default=25,
        help_text="How far the live price may exceed the estimate before a person is asked.",
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-number", "-id"]
        permissions = [
            ("publish_ruleset", "Can publish and roll back rulesets"),
            ("simulate_ruleset", "Can simulate rulesets"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="published"),
                name="one_ruleset_in_force",
                violation_error_message="Another ruleset is in force.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True)
                | Q(~Q(state="draft"), number__isnull=False),
                name="published_ruleset_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(active_from__isnull=False),
                name="scheduled_ruleset_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RulesetState.values), name="ruleset_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}" if self.number else f"{self.name} (draft)"

    @property
    def is_draft(self) -> bool:
        return self.state == RulesetState.DRAFT


class Rule(models.Model):
    """When all its conditions hold, all its outcomes apply; read from the top."""

    ruleset = models.ForeignKey(Ruleset, models.CASCADE, related_name="rules")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=150)
    stop = models.BooleanField(
        "stop here", default=False, help_text="Rules below are not read when this one applies."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["ruleset", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ruleset", "position"],
                name="one_rule_a_position",
                violation_error_message="Another rule has this position.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class RuleCondition(models.Model):
    """One question about an order; `routing.conditions` lists fields and operators."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="conditions")
    field = models.CharField(max_length=30)
    operator = models.CharField(max_length=20)
    values = models.CharField(
        max_length=1000, blank=True, help_text="Several are separated by commas."
    )
    currency = models.CharField(max_length=3, blank=True, help_text="With a value in money only.")

    class Meta:
        ordering = ["rule", "id"]

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.values}".strip()


class RuleOutcome(models.Model):
    """What a rule does to an order it applies to."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="outcomes")
    action = models.CharField(max_length=20)
    target = models.CharField(max_length=20, blank=True, help_text="Warehouse, carrier or service.")
    codes = models.CharField(
        max_length=500,
        blank=True,
        help_text="Codes, tags, or weights as in “cost 50, transit 20”; separated by commas.",
    )
    percent = models.PositiveSmallIntegerField(
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="How strongly to prefer.",
    )
    text = models.CharField(max_length=300, blank=True, help_text="Reason of a hold or review.")

    class Meta:
        ordering = ["rule", "id"]

    def __str__(self) -> str:
        return f"{self.action} {self.target} {self.codes}".strip()
