"""Reasons not to ship."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class HoldType(models.TextChoices):
    CUSTOMER = "customer", "Customer asked"
    PAYMENT = "payment", "Payment"
    FRAUD = "fraud", "Fraud check"
    ADDRESS = "address", "Address"
    STOCK = "stock", "Stock"
    RULE = "rule", "Routing rule"
    OTHER = "other", "Other"


class Hold(models.Model):
    """An order ships only with no open hold; it may have several."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="holds")
    type = models.CharField(max_length=20, choices=HoldType)
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    until = models.DateTimeField(
        null=True, blank=True, help_text="Ends by itself then; empty means until released."
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-placed_at"]
        indexes = [
            models.Index(
                fields=["type", "placed_at"],
                condition=Q(released_at__isnull=True),
                name="hold_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="hold_says_why",
                violation_error_message="Say why the order is held.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.reason}"

    @property
    def is_open(self) -> bool:
        over = self.until is not None and self.until <= timezone.now()
        return self.released_at is None and not over
