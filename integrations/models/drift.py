"""Where a platform and we disagree, and how far both were compared."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone

from orders.models import Order, Shipment
from warehouses.models import Platform


class DriftKind(models.TextChoices):
    ONLY_THERE = "only_there", "There, not here"
    MISSING_THERE = "missing_there", "Here, not there"
    DUPLICATE = "duplicate", "Twice there"
    CANCELLED_THERE = "cancelled_there", "Cancelled there"
    REFERENCE = "reference", "Reference"
    ADDRESS = "address", "Address"
    LINES = "lines", "Lines"
    WAREHOUSE = "warehouse", "Warehouse"
    PRICE = "price", "Price"


class DriftState(models.TextChoices):
    OPEN = "open", "Open"
    SETTLING = "settling", "Being settled"
    RESOLVED = "resolved", "Settled"


UNSETTLED = (DriftState.OPEN, DriftState.SETTLING)


class Settled(models.TextChoices):
    """How a finding came to its end."""

    AGREED = "agreed", "Looked at again, and both agree"
    ADOPTED = "adopted", "Their value adopted"
    PUSHED = "pushed", "Our value pushed again"


class DriftQuerySet(models.QuerySet["DriftFinding"]):
    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def ignored(self, now: datetime) -> Self:
        return self.filter(state=DriftState.OPEN, ignored_until__gt=now)

    def waiting(self, now: datetime) -> Self:
        """What a person should look at: unsettled and not ignored."""
        return self.unsettled().exclude(ignored_until__gt=now, ignored_until__isnull=False)

    def with_shown_state(self, now: datetime) -> Self:
        """Annotate `shown_state`: open, ignored, settling or resolved."""
        ignored = When(state=DriftState.OPEN, ignored_until__gt=now, then=Value("ignored"))
        return self.annotate(
            shown_state=Case(ignored, default="state", output_field=CharField(max_length=10))
        )


class DriftFinding(models.Model):
    """One field on which a platform and we disagree; only a look that agrees, or a person, ends it.

    An ignored finding stays open: it is only not shown until its time is over.
    """

    platform = models.CharField(max_length=20, choices=Platform)
    kind = models.CharField(max_length=20, choices=DriftKind)
    field = models.CharField(max_length=80, help_text="What differs, as in postal_code or a SKU.")
    remote_id = models.CharField(max_length=100, help_text="The order's id there.")
    reference = models.CharField(max_length=100, blank=True, help_text="As it is written there.")
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="drift_findings"
    )
    shipment = models.ForeignKey(
        Shipment, models.PROTECT, null=True, blank=True, related_name="drift_findings"
    )
    ours = models.CharField(max_length=500, blank=True)
    theirs = models.CharField(max_length=500, blank=True)
    details = models.JSONField(
        default=dict, blank=True, help_text="Columns of ours and their values for them."
    )
    state = models.CharField(max_length=10, choices=DriftState, default=DriftState.OPEN)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(default=timezone.now, help_text="When last compared.")
    ignored_until = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Of the last act.")
    error = models.CharField(max_length=1000, blank=True, help_text="Why the last push failed.")
    settled = models.CharField("how", max_length=10, choices=Settled, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DriftQuerySet.as_manager()

    class Meta:
        ordering = ["-first_seen_at", "-id"]
        verbose_name = "drift finding"
        permissions = [("settle_driftfinding", "Can adopt, push again and ignore drift")]
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "remote_id", "kind", "field"],
                condition=Q(state__in=UNSETTLED),
                name="one_open_finding_a_field",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DriftState.values), name="drift_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(remote_id=""), name="drift_is_about_something"),
            models.CheckConstraint(
                condition=(Q(state="resolved") & Q(settled_at__isnull=False) & ~Q(settled=""))
                | (~Q(state="resolved") & Q(settled_at__isnull=True) & Q(settled="")),
                name="settled_drift_says_how",
            ),
            models.CheckConstraint(
                condition=Q(ignored_until__isnull=True) | ~Q(reason=""),
                name="ignored_drift_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["platform", "looked_at"],
                condition=Q(state__in=UNSETTLED),
                name="drift_unsettled",
            ),
            models.Index(fields=["state", "-first_seen_at", "-id"], name="drift_by_state"),
            models.Index(fields=["-first_seen_at", "-id"], name="drift_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.reference or self.remote_id}"

    @property
    def what(self) -> str:
        """As staff read it: “Address: postal code”, “Warehouse”, “Lines: MUG-BLU”."""
        if self.field in _SAID_BY_KIND:
            return self.get_kind_display()
        name = self.field if self.kind == DriftKind.LINES else self.field.replace("_", " ")
        return f"{self.get_kind_display()}: {name}"


_SAID_BY_KIND = frozenset({"order", "reference", "warehouse"})
"""Fields whose kind says it all."""


class DriftLook(models.Model):
    """When a shipment was last compared with what its platform holds."""

    shipment = models.OneToOneField(Shipment, models.CASCADE, related_name="drift_look")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.shipment} at {self.at:%Y-%m-%d %H:%M}"


class Reconciliation(models.Model):
    """How far a platform is compared; a round lists what changed there, then looks at ours."""

    platform = models.CharField(max_length=20, choices=Platform, unique=True)
    started_at = models.DateTimeField(null=True, blank=True)
    is_thorough = models.BooleanField(
        "all shipments", default=False, help_text="Also those looked at within the last day."
    )
    since = models.DateTimeField(
        null=True, blank=True, help_text="Orders changed there since then are listed."
    )
    cursor = models.CharField(max_length=200, blank=True, help_text="The next page of the list.")
    listed_at = models.DateTimeField(null=True, blank=True, help_text="The list's end was reached.")
    listed_until = models.DateTimeField(
        null=True, blank=True, help_text="Changes there up to then are known; the next list begins."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(
        "last success", null=True, blank=True, help_text="A round to its end without a failure."
    )
    looked = models.PositiveIntegerField(default=0, help_text="Compared in this round.")
    agreed = models.PositiveIntegerField(default=0)
    in_flight = models.PositiveIntegerField(
        default=0, help_text="Left out: a dispatch was at work on them."
    )
    opened = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0, help_text="Could not be looked at.")
    error = models.CharField(max_length=1000, blank=True, help_text="Why the round broke off.")
    error_at = models.DateTimeField(null=True, blank=True)
    remarks = models.TextField(blank=True, help_text="What could not be read, one a line.")
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["platform"]
        permissions = [("reconcile_platform", "Can compare a platform with us now")]

    def __str__(self) -> str:
        return f"Reconciliation with {self.get_platform_display()}"

    @property
    def is_under_way(self) -> bool:
        started, finished = self.started_at, self.finished_at
        return started is not None and (finished is None or finished < started)
