"""What is sold."""

from collections.abc import Iterable
from typing import Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from warehouses.models.places import COUNTRY_CODE


class BatteryKind(models.TextChoices):
    """Lithium batteries as the carriers class them."""

    NONE = "none", "No battery"
    ION_IN_DEVICE = "ion_in_device", "Lithium ion, inside the device (UN3481)"
    ION_ALONE = "ion_alone", "Lithium ion, alone (UN3480)"
    METAL_IN_DEVICE = "metal_in_device", "Lithium metal, inside the device (UN3091)"
    METAL_ALONE = "metal_alone", "Lithium metal, alone (UN3090)"


class ProductQuerySet(models.QuerySet["Product"]):
    def by_sku(self, skus: Iterable[str]) -> Self:
        """SKUs are compared without regard to case."""
        return self.alias(upper_sku=Upper("sku")).filter(upper_sku__in={s.upper() for s in skus})


class Product(models.Model):
    """One SKU; weight in grams, size in millimetres, as packed."""

    sku = models.CharField("SKU", max_length=64)
    title = models.CharField(max_length=200)
    barcode = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(max_length=3, default="USD")
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    hs_code = models.CharField(
        "HS code",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^\d{6,10}\Z", "Six to ten digits, without dots.")],
    )
    origin_country = models.CharField(max_length=2, blank=True, validators=[COUNTRY_CODE])
    customs_description = models.CharField(max_length=200, blank=True)
    is_hazmat = models.BooleanField("hazmat", default=False)
    battery = models.CharField(max_length=20, choices=BatteryKind, default=BatteryKind.NONE)
    is_active = models.BooleanField(default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.UniqueConstraint(
                Upper("sku"),
                name="sku_unique_in_any_case",
                violation_error_message="There is already a product with this SKU.",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="product_value_not_negative"),
        ]

    def __str__(self) -> str:
        return self.sku
