"""Our durable promise to tell a platform something once."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from orders.models import Order
from warehouses.models import Platform


class DispatchKind(models.TextChoices):
    CREATE = "create", "Create order"
    LABEL = "label", "Buy label"
    CANCEL = "cancel", "Cancel"


class DispatchState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "Unknown"
    DONE = "done", "Done"
    NEEDS_HELP = "needs_help", "Needs help"
    CANCELLED = "cancelled", "Cancelled"


S = DispatchState
LIVE = (S.WAITING, S.SENDING, S.UNKNOWN, S.NEEDS_HELP)
"""States that may still lead to a call."""


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def due(self, platform: str, now: datetime) -> Self:
        """Waiting rows whose time has come, and rows whose worker has gone silent."""
        return self.filter(
            Q(state__in=[S.WAITING, S.UNKNOWN], next_attempt_at__lte=now)
            | Q(state=S.SENDING, lease_until__lte=now),
            platform=platform,
        )

    def live(self) -> Self:
        return self.filter(state__in=LIVE)


class Dispatch(models.Model):
    """One thing to tell a platform about one parcel; only integrations.dispatching moves it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="dispatches")
    part = models.PositiveSmallIntegerField(
        default=1, help_text="Which parcel of the order; 1 where it ships whole."
    )
    kind = models.CharField(max_length=10, choices=DispatchKind)
    platform = models.CharField(max_length=20, choices=Platform)
    generation = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(
        max_length=60, help_text="Our name for the order there; the same for every attempt."
    )
    remote_id = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    cancels_order = models.BooleanField(
        default=False, help_text="Cancel our order, too, once the platform has."
    )

    state = models.CharField(max_length=12, choices=DispatchState, default=S.WAITING)
    rank = models.GeneratedField(
        expression=Case(
            When(state="needs_help", then=Value(0)),
            When(state="unknown", then=Value(1)),
            When(state="sending", then=Value(2)),
            default=Value(3),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    attempts = models.PositiveIntegerField(default=0, help_text="Counted when one begins.")
    excused = models.PositiveIntegerField(
        default=0, help_text="Attempts that ended in good order and do not count as lost."
    )
    max_attempts = models.PositiveSmallIntegerField(
        default=5, help_text="So many lost workers, and a person must look."
    )
    setbacks = models.PositiveSmallIntegerField(
        default=0, help_text="Failures of the platform in a row."
    )
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    doubted_at = models.DateTimeField(
        null=True, blank=True, help_text="A call of then may or may not have been carried out."
    )
    doubts = models.PositiveSmallIntegerField(
        default=0, help_text="Look-ups since then that found nothing."
    )

    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=1000, blank=True, help_text="What, and what to do next.")
    platform_words = models.CharField(max_length=1000, blank=True)
    missing = models.CharField(
        max_length=100, blank=True, help_text="The mapping it waits for, as in warehouse:RNO1."
    )
    asked = models.JSONField(default=dict, blank=True, help_text="What a person is asked to allow.")
    allowed = models.JSONField(default=dict, blank=True, help_text="What a person has allowed.")

    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    correlation_id = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "dispatches"
        permissions = [
            ("retry_dispatch", "Can retry dispatches that need help"),
            ("approve_dispatch", "Can approve what a dispatch asks"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "part", "kind", "generation"],
                name="one_dispatch_a_kind_and_generation",
            ),
            models.UniqueConstraint(
                fields=["order", "part"],
                condition=Q(state__in=LIVE),
                name="one_live_dispatch_a_part",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DispatchState.values), name="dispatch_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="sending_dispatch_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="needs_help") | ~Q(error=""), name="helpless_dispatch_says_why"
            ),
            models.CheckConstraint(
                condition=Q(excused__lte=F("attempts")), name="excused_within_attempts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["platform", "next_attempt_at", "id"],
                condition=Q(state__in=["waiting", "unknown"]),
                name="dispatch_due",
            ),
            models.Index(
                fields=["platform", "lease_until"],
                condition=Q(state="sending"),
                name="dispatch_in_hand",
            ),
            models.Index(
                fields=["error_code", "created_at"],
                condition=Q(state="needs_help"),
                name="dispatch_needing_a_person",
            ),
            models.Index(fields=["state", "-created_at", "-id"], name="dispatch_by_state"),
            models.Index(fields=["rank", "-created_at", "-id"], name="dispatch_by_rank"),
            models.Index(fields=["reference"], name="dispatch_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class AttemptOutcome(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    LATER = "later", "Tried again later"
    UNKNOWN = "unknown", "In doubt"
    HELP = "help", "Needs help"
    DIED = "died", "Broke off"


class DispatchAttempt(models.Model):
    """One try of a worker, from its claim to its end."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="tries", db_index=False)
    n = models.PositiveIntegerField()
    token = models.CharField(max_length=32)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=10, choices=AttemptOutcome, default=AttemptOutcome.RUNNING
    )
    http_status = models.PositiveSmallIntegerField("HTTP status", null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["dispatch", "n"], name="one_row_an_attempt")]

    def __str__(self) -> str:
        return f"{self.dispatch} #{self.n}"
