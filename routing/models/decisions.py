"""What was decided for an order, with everything it was decided from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.compressed import CompressedJSONField
from orders.models import Order
from routing.models.rulesets import Ruleset
from warehouses.models import CarrierService, Warehouse


class DecisionKind(models.TextChoices):
    AUTOMATIC = "automatic", "Automatic"
    PINNED = "pinned", "As a person pinned it"
    APPROVED = "approved", "Approved by a person"
    OVERRIDE = "override", "Chosen by a person"


class OverrideReason(models.TextChoices):
    CUSTOMER = "customer", "Customer asked"
    STOCK = "stock", "Stock is wrong"
    CARRIER = "carrier", "Carrier trouble"
    COST = "cost", "Cheaper in truth"
    SPEED = "speed", "Must arrive sooner"
    CONSOLIDATE = "consolidate", "Ship together"
    OTHER = "other", "Something else"


class NetworkSnapshot(models.Model):
    """The network without its stock, as decisions saw it; shared by all that saw the same."""

    content_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of content.")
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.content_hash[:12]


class RoutingDecision(models.Model):
    """One answer of `decide`, with its inputs, so that it can be asked again."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="decisions", db_index=False)
    ruleset = models.ForeignKey(Ruleset, models.PROTECT, related_name="decisions")
    network = models.ForeignKey(NetworkSnapshot, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind, default=DecisionKind.AUTOMATIC)
    is_current = models.BooleanField(default=True, help_text="The order's latest decision.")
    decided_at = models.DateTimeField(help_text="The moment that counted for cut-offs.")
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(
        CarrierService, models.PROTECT, null=True, blank=True, related_name="+"
    )
    platform = models.CharField(max_length=20, blank=True)
    confidence = models.PositiveSmallIntegerField(default=0)
    needs_review = models.BooleanField(default=False)
    parcels = models.PositiveSmallIntegerField(default=0)
    cost_cents = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    arrives_on = models.DateField(null=True, blank=True)
    last_safe_minute = models.DateTimeField(
        null=True, blank=True, help_text="Until when it still makes the planned pickup."
    )
    order_facts = models.JSONField(help_text="The order as it was.")
    stock_facts = models.JSONField(help_text="The stock of its SKUs and the loads as they were.")
    result = CompressedJSONField(help_text="The whole decision.")
    override_reason = models.CharField(max_length=20, choices=OverrideReason, blank=True)
    override_text = models.CharField(max_length=300, blank=True)
    extra_cents = models.IntegerField(
        null=True, blank=True, help_text="What a person's choice costs over the recommendation."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    actor_label = models.CharField(max_length=150, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["order", "-created_at", "-id"], name="decisions_of_order"),
            models.Index(
                fields=["last_safe_minute"],
                condition=Q(is_current=True, needs_review=True),
                name="decision_to_review",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(is_current=True), name="one_current_decision"
            ),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="confidence_to_100"),
            models.CheckConstraint(
                condition=~Q(kind="override") | ~Q(override_reason=""), name="override_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        if self.warehouse_id is None:
            return "nothing can ship it"
        return f"{self.warehouse} · {self.service}"
