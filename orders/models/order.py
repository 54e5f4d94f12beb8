"""An order, its lines, and its history."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actor import current_actor
from core.correlation import correlation_id
from core.models import AppendOnlyManager, AppendOnlyModel
from orders.errors import ChangedMeanwhile, IllegalStep
from orders.models.status import EDITABLE, NEXT_STATUSES, OPEN, OrderStatus
from warehouses.models import Carrier, CarrierService, Platform, Product, Warehouse
from warehouses.models.places import COUNTRY_CODE


class AddressVerdict(models.TextChoices):
    UNCHECKED = "unchecked", "Not checked"
    OK = "ok", "OK"
    CORRECTED = "corrected", "Correction proposed"
    INCOMPLETE = "incomplete", "Incomplete"
    UNVERIFIABLE = "unverifiable", "Cannot be verified"


class Tag(models.Model):
    """A word staff put on orders, and rules can ask for."""

    name = models.SlugField(max_length=40, unique=True)
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrderQuerySet(models.QuerySet["Order"]):
    def with_units(self) -> Self:
        """Annotate `units`, by subquery: a join would multiply under admin search."""
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
        total = lines.annotate(total=Sum("quantity")).values("total")
        return self.annotate(units=Coalesce(Subquery(total), 0))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def on_hold(self) -> Self:
        now = timezone.now()
        return self.filter(
            Q(holds__released_at__isnull=True, holds__id__isnull=False)
            & (Q(holds__until__isnull=True) | Q(holds__until__gt=now))
        ).distinct()


class Order(models.Model):
    """What a customer asked for; one number per source."""

    source = models.CharField(
        max_length=50, help_text="Where it came from, as in manual, shopify or api:bridge."
    )
    number = models.CharField(max_length=64)
    status = models.CharField(max_length=20, choices=OrderStatus, default=OrderStatus.NEW)
    status_changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(
        default=1, help_text="Rises with every change; an edit of an older version is refused."
    )

    recipient_name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True, help_text="E.164, as in +17755550142.")
    email = models.EmailField(max_length=254, blank=True)
    address_1 = models.CharField(max_length=300, blank=True)
    address_2 = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[COUNTRY_CODE])
    address_verdict = models.CharField(
        max_length=20, choices=AddressVerdict, default=AddressVerdict.UNCHECKED
    )

    currency = models.CharField(max_length=3, default="USD", blank=True)
    shipping_method = models.CharField(
        max_length=100, blank=True, help_text="As the source wrote it."
    )
    wanted_carrier = models.ForeignKey(
        Carrier, models.PROTECT, null=True, blank=True, related_name="+"
    )
    wanted_service = models.ForeignKey(
        CarrierService, models.PROTECT, null=True, blank=True, related_name="+"
    )
    wanted_warehouse_state = models.CharField(max_length=2, blank=True)
    order_date = models.DateField(null=True, blank=True)
    promise_date = models.DateField(
        null=True, blank=True, help_text="The day it was promised to arrive."
    )

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    service = models.ForeignKey(
        CarrierService, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    platform = models.CharField(max_length=20, choices=Platform, blank=True)
    pinned_warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pinned_service = models.ForeignKey(
        CarrierService, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pinned_reason = models.CharField(max_length=300, blank=True)

    problem = models.CharField(max_length=500, blank=True, help_text="Why a person must act.")
    notes = models.TextField(blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="orders")
    original_text = models.TextField(
        blank=True, editable=False, help_text="What the customer or file said, kept for ever."
    )
    fingerprint = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of recipient and lines; equal ones may be duplicates.",
    )
    content_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of what the source last said; equal means nothing new.",
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("route_order", "Can route orders"),
            ("override_route", "Can override a routing decision"),
            ("approve_review", "Can approve orders in review"),
            ("send_order", "Can send orders to a platform"),
            ("cancel_order", "Can cancel orders"),
            ("hold_order", "Can hold and release orders"),
            ("import_orders", "Can import and paste orders"),
            ("export_orders", "Can export orders with personal details"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                name="order_number_once_per_source",
                violation_error_message="There is already an order with this number "
                "from this source.",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="order_has_a_number"),
            models.CheckConstraint(condition=~Q(source=""), name="order_has_a_source"),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="order_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["routed", "sending", "sent"])
                | Q(warehouse__isnull=False, service__isnull=False),
                name="routed_order_has_a_route",
                violation_error_message="A routed order needs a warehouse and a service.",
            ),
            models.CheckConstraint(
                condition=~Q(status="problem") | ~Q(problem=""),
                name="problem_order_says_why",
                violation_error_message="Say what the problem is.",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="order_by_status"),
            models.Index(fields=["source", "-created_at"], name="order_by_source"),
            models.Index(fields=["number"], name="order_by_number"),
            models.Index(
                fields=["promise_date", "created_at"],
                condition=Q(status="ready"),
                name="order_to_route",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["needs_review", "problem"]),
                name="order_needing_a_person",
            ),
            models.Index(
                fields=["warehouse", "status_changed_at"],
                condition=Q(status__in=["routed", "sending", "sent"]),
                name="order_in_the_building",
            ),
            models.Index(
                fields=["fingerprint", "created_at"],
                condition=~Q(fingerprint=""),
                name="order_by_fingerprint",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    def move_to(
        self,
        status: OrderStatus,
        message: str = "",
        *,
        details: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        """Take one allowed step and write it into the history, together or not at all.

        `changes` are columns set by the same UPDATE. Raises IllegalStep when the table of
        steps does not know it, ChangedMeanwhile when another process stepped first.
        """
        current = OrderStatus(self.status)
        if status not in NEXT_STATUSES[current]:
            raise IllegalStep(self.number, current.label, OrderStatus(status).label)
        with transaction.atomic():
            now = timezone.now()
            unmoved = Order.objects.filter(pk=self.pk, status=current)
            if not unmoved.update(
                status=status,
                status_changed_at=now,
                updated_at=now,
                version=F("version") + 1,
                **changes,
            ):
                raise ChangedMeanwhile(self.number)
            OrderEvent.objects.create(
                order=self,
                kind="status",
                from_status=current,
                to_status=status,
                message=message,
                details=details or {},
                **event_context(),
            )
        self.refresh_from_db()


def event_context() -> dict[str, Any]:
    """Columns that say who is acting, for which click."""
    actor = current_actor.get()
    return {
        "actor_id": actor.user_id,
        "actor_label": actor.label,
        "correlation_id": correlation_id.get(),
    }


class OrderLine(models.Model):
    """A SKU as written, and the product once it is known."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    sku = models.CharField("SKU", max_length=64, help_text="As the source wrote it.")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="order_lines"
    )
    title = models.CharField(max_length=300, blank=True)
    quantity = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    unit_price = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="In the order's currency, one piece, before discounts and tax.",
    )

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_a_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="line_quantity_positive",
                violation_error_message="The quantity is 1 or more.",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0),
                name="line_price_not_negative",
                violation_error_message="The price is not negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class OrderEvent(AppendOnlyModel):
    """One thing that happened to an order: what, when, who, and for which click."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40, help_text="status, edit, note, hold, finding, …")
    from_status = models.CharField(max_length=20, choices=OrderStatus, blank=True)
    to_status = models.CharField(max_length=20, choices=OrderStatus, blank=True)
    message = models.CharField(max_length=1000, blank=True)
    details = models.JSONField(default=dict, blank=True)
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

    objects = AppendOnlyManager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["order", "-at", "-id"], name="events_of_order")]

    def __str__(self) -> str:
        return self.message or self.kind
