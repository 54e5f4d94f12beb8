"""Stock promised to orders."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import OrderLine
from warehouses.models import StockLevel


class ReservationState(models.TextChoices):
    OPEN = "open", "Open"
    RELEASED = "released", "Released"
    CONSUMED = "consumed", "Shipped"


class Reservation(models.Model):
    """Units of one stock level promised to one order line."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="reservations")
    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReservationState, default=ReservationState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
            models.UniqueConstraint(
                fields=["line", "level"],
                condition=Q(state="open"),
                name="one_open_reservation_a_line_and_level",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(~Q(state="open"), closed_at__isnull=False),
                name="closed_reservation_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["level"], condition=Q(state="open"), name="reservation_open")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"
