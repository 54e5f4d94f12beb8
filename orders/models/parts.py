"""The parts of an order that no single warehouse ships whole, each one parcel of its own."""

from django.db import models
from django.db.models import Q

from orders.models.estimates import PartEstimate
from orders.models.order import Order, OrderLine
from warehouses.models import CarrierService, Warehouse


class OrderPart(PartEstimate):
    """One parcel of a split order; an order that ships whole has no such row.

    No two parts of an order leave the same warehouse, so what is reserved there is this part's.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="parts", db_index=False)
    n = models.PositiveSmallIntegerField(help_text="1 is the first.")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    service = models.ForeignKey(CarrierService, models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then the order goes on without it."
    )

    class Meta:
        ordering = ["order", "n"]
        constraints = [
            models.UniqueConstraint(fields=["order", "n"], name="one_part_a_number"),
            models.UniqueConstraint(fields=["order", "warehouse"], name="one_part_a_warehouse"),
            models.CheckConstraint(condition=Q(n__gt=0), name="part_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order}, part {self.n}"


class PartLine(models.Model):
    """Units of one order line that travel in one part."""

    part = models.ForeignKey(OrderPart, models.CASCADE, related_name="lines", db_index=False)
    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="part_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["part", "line"]
        constraints = [
            models.UniqueConstraint(fields=["part", "line"], name="one_row_a_part_and_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="part_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"
