"""What routing expects, kept on the order so that the purchase can be compared with it."""

from django.core.validators import MinValueValidator
from django.db import models


class PartEstimate(models.Model):
    """What one label, or all of an order's, should cost; empty while nothing was estimated."""

    estimated_cost = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What routing expects the label to cost.",
    )
    estimated_currency = models.CharField(max_length=3, blank=True)

    class Meta:
        abstract = True


class CostEstimate(PartEstimate):
    """Columns of an order."""

    cost_margin_percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="How far the price may exceed the estimate; empty means the site's setting.",
    )
    parcels = models.PositiveSmallIntegerField(
        default=1, help_text="More than one: it is split, and each of its parts ships alone."
    )

    class Meta:
        abstract = True
