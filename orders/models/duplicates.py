"""Two orders that look like one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.models.order import Order


class PairState(models.TextChoices):
    OPEN = "open", "To be decided"
    KEPT = "kept", "Both kept"
    MERGED = "merged", "Merged"
    CANCELLED = "cancelled", "One cancelled"


class DuplicatePair(models.Model):
    """The older order and the one that repeats it, and what a person decided about them."""

    first = models.ForeignKey(Order, models.CASCADE, related_name="repeated_by")
    second = models.ForeignKey(Order, models.CASCADE, related_name="repeats")
    state = models.CharField(max_length=20, choices=PairState, default=PairState.OPEN)
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at"], condition=Q(state="open"), name="duplicate_open")
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")), name="duplicate_pair_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PairState.values), name="duplicate_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
