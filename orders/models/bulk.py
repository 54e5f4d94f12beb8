"""A staff action on many orders: who asked for what, on which orders, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.models.order import Order


class BulkState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Stopped"


class BulkSelection(models.TextChoices):
    IDS = "ids", "Ticked orders"
    FILTER = "filter", "All that match a filter"
    FAILURES = "failures", "Failures of another run"


class BulkResult(models.TextChoices):
    PENDING = "pending", "Not done"
    DONE = "done", "Done"
    REVIEW = "review", "Waits for a person"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"


UNFINISHED = frozenset({BulkState.WAITING, BulkState.RUNNING})
"""States in which a job is, or will be, at work."""

FAILURES = frozenset({BulkResult.REFUSED, BulkResult.FAILED})


class BulkRun(models.Model):
    """One action on a frozen selection; its job may be killed and goes on at any order."""

    action = models.CharField(max_length=60, help_text="Its name among the bulk actions.")
    label = models.CharField(max_length=100, help_text="The action as staff read it.")
    parameters = models.JSONField(default=dict, blank=True, help_text="What was typed for it.")
    permission = models.CharField(
        max_length=100, help_text="What the person must be allowed, when asking and when it runs."
    )
    token = models.CharField(
        max_length=64, unique=True, editable=False, help_text="Of the page: two clicks start one."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    correlation_id = models.CharField(max_length=64, blank=True)

    selection = models.CharField(max_length=10, choices=BulkSelection)
    query = models.TextField(blank=True, help_text="The order list's address, as it was filtered.")
    highest_id = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Orders received later are left alone."
    )
    parent = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="retry"
    )

    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.WAITING)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it was stopped.")
    is_collected = models.BooleanField(default=False, help_text="Every order has its row.")
    collected_up_to = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    succeeded = models.PositiveIntegerField(default=0)
    to_review = models.PositiveIntegerField(default=0, help_text="A person must look at them.")
    refused = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)

    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    vain_starts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Jobs in a row that got nothing done."
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="bulk_run_newest"),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["waiting", "running"]),
                name="bulk_run_unfinished",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BulkState.values), name="bulk_run_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(selection__in=BulkSelection.values), name="bulk_selection_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(selection="filter") | Q(highest_id__isnull=False),
                name="bulk_filter_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(selection="failures") | Q(parent__isnull=False),
                name="bulk_retry_has_a_parent",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="stopped_bulk_run_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="bulk_run_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    total__gte=F("succeeded") + F("to_review") + F("refused") + F("failed")
                ),
                name="bulk_run_counts_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label.rstrip('…')} #{self.pk}"

    @property
    def done(self) -> int:
        """How many orders have an answer."""
        return self.succeeded + self.to_review + self.refused + self.failed

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def can_be_retried(self) -> bool:
        return self.is_finished and self.failures > 0 and not hasattr(self, "retry")

    @property
    def failures(self) -> int:
        return self.refused + self.failed


class BulkRunRow(models.Model):
    """One order of a run, and what became of it."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", db_index=False)
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="bulk_rows"
    )
    label = models.CharField(max_length=64, help_text="The order's number.")
    result = models.CharField(max_length=10, choices=BulkResult, default=BulkResult.PENDING)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["run", "id"]
        indexes = [
            models.Index(fields=["run", "result", "id"], name="bulk_row_by_result"),
            models.Index(fields=["run", "id"], name="bulk_row_of_run"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "order"], name="bulk_row_once_an_order"),
            models.CheckConstraint(
                condition=Q(result__in=BulkResult.values), name="bulk_result_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(result__in=["review", "refused", "failed"]) | ~Q(message=""),
                name="bulk_refusal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_result_display()}"
