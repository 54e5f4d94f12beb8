"""What a platform calls what we call otherwise."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from warehouses.models import Platform


class RemoteKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouse"
    SERVICE = "service", "Carrier service"
    PRODUCT = "product", "Product"
    CATEGORY = "category", "Product category"


class RemoteId(models.Model):
    """One of our codes and what it is called there."""

    platform = models.CharField(max_length=20, choices=Platform)
    kind = models.CharField(max_length=20, choices=RemoteKind)
    ours = models.CharField(
        max_length=64, help_text="Warehouse code, service code, SKU or product category."
    )
    theirs = models.CharField(max_length=100, help_text="The platform's id for it.")
    their_name = models.CharField(max_length=200, blank=True, help_text="As shown there.")
    is_by_hand = models.BooleanField(
        "by hand", default=True, help_text="A person chose it, so a sync never changes it."
    )
    seen_at = models.DateTimeField(
        "last seen there", null=True, blank=True, help_text="When a sync last met it there."
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["platform", "kind", "ours"]
        verbose_name = "mapping"
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "kind", "ours"],
                name="one_mapping_a_code",
                violation_error_message="This code is already mapped at this platform.",
            ),
            models.CheckConstraint(condition=~Q(ours="") & ~Q(theirs=""), name="mapping_is_whole"),
        ]
        indexes = [models.Index(fields=["platform", "kind", "theirs"], name="mapping_by_theirs")]

    def __str__(self) -> str:
        return f"{self.ours} → {self.theirs}"
