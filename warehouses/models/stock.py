"""How much is where, and every movement that made it so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.models import AppendOnlyManager, AppendOnlyModel
from warehouses.models.places import Warehouse
from warehouses.models.products import Product


class StockLevel(models.Model):
    """Units of one product in one warehouse. Only warehouses.services changes the numbers."""

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="stock_levels")
    product = models.ForeignKey(Product, models.PROTECT, related_name="stock_levels")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    safety_stock = models.PositiveIntegerField(default=0)
    reorder_point = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody or a platform last counted."
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["warehouse", "product"]
        permissions = [
            ("receive_stock", "Can receive stock"),
            ("adjust_stock", "Can adjust stock"),
            ("transfer_stock", "Can transfer stock"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "product"], name="one_level_a_product"),
            models.CheckConstraint(
                condition=Q(
                    on_hand__gte=0, reserved__gte=0, safety_stock__gte=0, reorder_point__gte=0
                ),
                name="stock_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")),
                name="reserved_within_on_hand",
                violation_error_message="More is reserved than is there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} in {self.warehouse}"

    @property
    def free(self) -> int:
        """Units on hand that no order has reserved; safety stock is part of them."""
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    RECEIVE = "receive", "Received"
    ADJUST = "adjust", "Adjusted"
    RESERVE = "reserve", "Reserved"
    RELEASE = "release", "Released"
    CONSUME = "consume", "Shipped"
    TRANSFER_OUT = "transfer_out", "Transferred out"
    TRANSFER_IN = "transfer_in", "Transferred in"


class ReasonCode(models.TextChoices):
    """Why a person or a job moved stock."""

    PURCHASE = "purchase", "Purchase received"
    RETURN = "return", "Customer return"
    COUNT = "count", "Stock count"
    DAMAGE = "damage", "Damaged"
    LOSS = "loss", "Lost or stolen"
    FOUND = "found", "Found"
    SAMPLE = "sample", "Sample or gift"
    SYNC = "sync", "Platform count"
    REBALANCE = "rebalance", "Moved between warehouses"
    ORDER = "order", "Order"
    CORRECTION = "correction", "Correction of a mistake"
    OPENING = "opening", "Opening balance"


class StockMovement(AppendOnlyModel):
    """One line of the ledger: what changed, what it left, why, who, on which paper."""

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=MovementKind)
    on_hand_change = models.IntegerField()
    reserved_change = models.IntegerField()
    on_hand_after = models.PositiveIntegerField()
    reserved_after = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, choices=ReasonCode)
    document = models.CharField(max_length=100, help_text="Order, delivery note or count sheet.")
    note = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, unique=True, help_text="The same key never moves twice.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    actor_label = models.CharField(max_length=150)
    correlation_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = AppendOnlyManager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["level", "-id"], name="ledger_of_level"),
            models.Index(fields=["document"], name="ledger_of_document"),
            models.Index(fields=["-at"], name="ledger_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(on_hand_change=0, reserved_change=0), name="movement_moves_something"
            ),
            models.CheckConstraint(
                condition=Q(reserved_after__lte=F("on_hand_after")),
                name="movement_leaves_reserved_within_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return self.key
