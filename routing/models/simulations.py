"""A draft is tried on the orders of the last days."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from routing.models.decisions import RoutingDecision
from routing.models.rulesets import Ruleset


class SimulationState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class Simulation(models.Model):
    """Decisions of the last `days` made again under a ruleset, with the stock as it was then."""

    ruleset = models.ForeignKey(Ruleset, models.CASCADE, related_name="simulations")
    ruleset_version = models.PositiveIntegerField(
        help_text="The draft's version; a later edit makes the simulation old."
    )
    days = models.PositiveSmallIntegerField(
        default=14, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    state = models.CharField(
        max_length=20, choices=SimulationState, default=SimulationState.WAITING
    )
    problem = models.CharField(max_length=500, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    last_decision_id = models.BigIntegerField(default=0, help_text="Where to go on.")
    highest_decision_id = models.BigIntegerField(default=0, help_text="Where to end.")
    summary = models.JSONField(default=dict, blank=True)
    job_token = models.CharField(max_length=32, blank=True, editable=False)
    job_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=366), name="simulation_days")
        ]

    def __str__(self) -> str:
        return f"{self.ruleset} over {self.days} days"


class SimulationRow(models.Model):
    """One order that would have gone another way."""

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="rows")
    decision = models.ForeignKey(RoutingDecision, models.CASCADE, related_name="+")
    before = models.CharField(max_length=200)
    after = models.CharField(max_length=200)
    cents_before = models.IntegerField(null=True, blank=True)
    cents_after = models.IntegerField(null=True, blank=True)
    arrives_before = models.DateField(null=True, blank=True)
    arrives_after = models.DateField(null=True, blank=True)
    parcels_before = models.PositiveSmallIntegerField(default=0)
    parcels_after = models.PositiveSmallIntegerField(default=0)
    surprise = models.IntegerField(
        default=0, help_text="How large the change is: cents, days and lost candidates weighed."
    )

    class Meta:
        ordering = ["simulation", "-surprise", "id"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "decision"], name="simulation_row_once")
        ]
        indexes = [
            models.Index(fields=["simulation", "-surprise", "id"], name="simulation_surprises")
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
