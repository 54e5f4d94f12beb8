"""What platforms list: how far we have read it, what of it is unknown to us, their stock."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrations.models.remote_ids import RemoteKind
from warehouses.models import Platform, Product, Warehouse


class SyncKind(models.TextChoices):
    WAREHOUSE = "warehouse", "Warehouses"
    SERVICE = "service", "Carrier services"
    PRODUCT = "product", "Products"
    STOCK = "stock", "Stock"


class SyncProgress(models.Model):
    """How far one list of one platform is read; a pass begins with an empty cursor."""

    platform = models.CharField(max_length=20, choices=Platform)
    kind = models.CharField(max_length=20, choices=SyncKind)
    cursor = models.CharField(
        max_length=200, blank=True, help_text="The next page; empty: from the start."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    page_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0, help_text="Entries in this pass.")
    error = models.CharField(max_length=1000, blank=True, help_text="Why the last try broke off.")
    remarks = models.TextField(blank=True, help_text="Entries that could not be read.")

    class Meta:
        ordering = ["platform", "kind"]
        verbose_name_plural = "sync progress"
        permissions = [("sync_platform", "Can sync master data with a platform")]
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind"], name="one_progress_a_list")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.get_platform_display()}"


class Unmatched(models.Model):
    """Something a platform has that is nothing of ours yet: the work list of mappings."""

    platform = models.CharField(max_length=20, choices=Platform)
    kind = models.CharField(max_length=20, choices=RemoteKind)
    theirs = models.CharField(max_length=100, help_text="The platform's id for it.")
    name = models.CharField(max_length=200, blank=True, help_text="As shown there.")
    about = models.CharField(max_length=300, blank=True, help_text="Address, SKU or carrier.")
    suggested = models.CharField(
        max_length=64, blank=True, help_text="Code of ours that it looks like, mapped otherwise."
    )
    first_seen_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    is_ignored = models.BooleanField("left out", default=False, help_text="Nobody needs to map it.")

    class Meta:
        ordering = ["kind", "platform", "name", "id"]
        verbose_name = "thing to map"
        verbose_name_plural = "things to map"
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "kind", "theirs"], name="one_line_a_thing_to_map"
            ),
            models.CheckConstraint(condition=~Q(theirs=""), name="thing_to_map_has_an_id"),
        ]
        indexes = [models.Index(fields=["is_ignored", "kind", "platform"], name="to_map_open")]

    def __str__(self) -> str:
        return f"{self.name or self.theirs} ({self.get_platform_display()})"


class StockSnapshot(models.Model):
    """What a platform says lies where, for comparison only: our stock is never set by it."""

    platform = models.CharField(max_length=20, choices=Platform)
    warehouse = models.ForeignKey(
        Warehouse, models.CASCADE, related_name="stock_snapshots", db_index=False
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="stock_snapshots")
    on_hand = models.IntegerField(null=True, blank=True, help_text="Units; empty: not said.")
    available = models.IntegerField(
        null=True, blank=True, help_text="Units; below nought when oversold there."
    )
    is_endless = models.BooleanField(
        "endless", default=False, help_text="The platform sells it without counting."
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["warehouse", "product"]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "warehouse", "product"], name="one_snapshot_a_place"
            )
        ]
        indexes = [models.Index(fields=["warehouse", "product"], name="snapshot_of_level")]

    def __str__(self) -> str:
        return f"{self.product} in {self.warehouse}"
