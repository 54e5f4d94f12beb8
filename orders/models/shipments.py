"""A parcel at a platform, its journey, its papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import AppendOnlyManager, AppendOnlyModel
from orders.models.order import Order
from warehouses.models import CarrierService, Platform


class ShipmentState(models.TextChoices):
    CREATED = "created", "Known to the platform"
    LABELLED = "labelled", "Label bought"
    SHIPPED = "shipped", "On its way"
    DELIVERED = "delivered", "Delivered"
    EXCEPTION = "exception", "Exception"
    RETURNED = "returned", "Returned"
    LOST = "lost", "Lost"
    CANCELLED = "cancelled", "Cancelled"


class Shipment(models.Model):
    """One generation of an order's part at a platform; a new one follows only a cancelled one."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    part = models.PositiveSmallIntegerField(
        default=1, help_text="Which parcel of the order; 1 where it ships whole."
    )
    platform = models.CharField(max_length=20, choices=Platform)
    generation = models.PositiveSmallIntegerField()
    reference = models.CharField(
        max_length=60, unique=True, help_text="Our name for it at the platform."
    )
    remote_id = models.CharField(max_length=100, help_text="The order's id there.")
    remote_shipment_id = models.CharField(
        max_length=100, blank=True, help_text="The parcel's id there, once it has a label."
    )
    service = models.ForeignKey(CarrierService, models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=60, blank=True, help_text="As the platform says.")
    tracking_number = models.CharField(max_length=100, blank=True)
    tracking_url = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=ShipmentState, default=ShipmentState.CREATED)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    labelled_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "part", "generation"], name="one_shipment_a_generation"
            ),
            models.UniqueConstraint(
                fields=["platform", "remote_id"], name="one_shipment_a_remote_order"
            ),
            models.UniqueConstraint(
                fields=["order", "part"],
                condition=~Q(state="cancelled"),
                name="one_live_shipment_a_part",
            ),
        ]
        indexes = [
            models.Index(
                fields=["platform", "remote_shipment_id"],
                condition=~Q(remote_shipment_id=""),
                name="shipment_by_parcel",
            ),
            models.Index(
                fields=["tracking_number"],
                condition=~Q(tracking_number=""),
                name="shipment_by_tracking",
            ),
            models.Index(fields=["state", "-created_at", "-id"], name="shipment_by_state"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.state != ShipmentState.CANCELLED


class TrackingEvent(AppendOnlyModel):
    """One scan of a parcel, once however often it is told."""

    shipment = models.ForeignKey(
        Shipment, models.CASCADE, related_name="tracking_events", db_index=False
    )
    at = models.DateTimeField(help_text="When it happened, by the carrier.")
    code = models.CharField(max_length=30, help_text="In our words, as in out_for_delivery.")
    words = models.CharField(max_length=500, blank=True, help_text="The platform's own.")
    place = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    received_at = models.DateTimeField(default=timezone.now)

    objects = AppendOnlyManager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["shipment", "digest"], name="one_scan_once")]
        indexes = [models.Index(fields=["shipment", "at", "id"], name="journey_of_shipment")]

    def __str__(self) -> str:
        return self.words or self.code


class DocumentKind(models.TextChoices):
    LABEL = "label", "Label"
    PACKING_SLIP = "packing_slip", "Packing slip"
    COMMERCIAL_INVOICE = "commercial_invoice", "Commercial invoice"
    OTHER = "other", "Other"


class Document(models.Model):
    """A paper of a shipment; its bytes were checked to be what `media_type` says."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=30, choices=DocumentKind)
    media_type = models.CharField(max_length=60)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("download_document", "Can download labels and papers")]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "kind", "sha256"], name="one_copy_of_a_paper"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.shipment}"
