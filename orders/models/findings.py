"""What checking an order noticed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order, OrderLine


class Severity(models.TextChoices):
    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    INFO = "info", "Note"


class FindingState(models.TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    OVERRIDDEN = "overridden", "Overridden"


class Finding(models.Model):
    """A sentence for staff about one field, with the next step."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="findings")
    line = models.ForeignKey(
        OrderLine, models.CASCADE, null=True, blank=True, related_name="findings"
    )
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, choices=Severity)
    field = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=1000)
    next_step = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text="Values before and proposed.")
    state = models.CharField(max_length=20, choices=FindingState, default=FindingState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    override_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "severity", "id"]
        indexes = [
            models.Index(
                fields=["code", "-created_at"], condition=Q(state="open"), name="finding_open"
            )
        ]
        constraints = [
            # Two, because a NULL line never equals another one.
            models.UniqueConstraint(
                fields=["order", "code", "field"],
                condition=Q(state="open", line__isnull=True),
                name="order_finding_open_once",
            ),
            models.UniqueConstraint(
                fields=["line", "code", "field"],
                condition=Q(state="open", line__isnull=False),
                name="line_finding_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="overridden") | ~Q(override_reason=""),
                name="override_says_why",
                violation_error_message="Say why the finding does not matter.",
            ),
        ]

    def __str__(self) -> str:
        return self.message
