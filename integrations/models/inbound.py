"""What platforms tell us, and how far we have asked them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from warehouses.models import Platform


class WebhookState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    IGNORED = "ignored", "Not ours"
    FAILED = "failed", "Failed"


class WebhookEvent(models.Model):
    """One event, stored once however often it is delivered; what it says is a hint only."""

    source = models.CharField(max_length=20, choices=Platform)
    digest = models.CharField(
        max_length=64, editable=False, help_text="SHA-256 of the body: events have no id."
    )
    event_type = models.CharField(max_length=100, blank=True)
    remote_shipment_id = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=100, blank=True, help_text="Whom its signature names.")
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(help_text="As it arrived, byte for byte.")
    deliveries = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    last_received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=WebhookState, default=WebhookState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        permissions = [("process_webhookevent", "Can process webhook events again")]
        constraints = [
            models.UniqueConstraint(fields=["source", "digest"], name="one_event_once"),
            models.CheckConstraint(
                condition=Q(state__in=WebhookState.values), name="webhook_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "next_attempt_at", "id"],
                condition=Q(state="waiting"),
                name="webhook_due",
            ),
            models.Index(fields=["state", "-received_at", "-id"], name="webhook_by_state"),
            models.Index(fields=["-received_at", "-id"], name="webhook_newest"),
            models.Index(fields=["last_received_at"], name="webhook_by_age"),
            models.Index(fields=["remote_shipment_id"], name="webhook_by_shipment"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type or 'event'} {self.remote_shipment_id}".strip()


class SyncCursor(models.Model):
    """How far a round of questions to a platform has come; the next run goes on from there."""

    platform = models.CharField(max_length=20, choices=Platform)
    subject = models.CharField(max_length=30, help_text="What is asked for, as in tracking.")
    position = models.BigIntegerField(default=0, help_text="The last row asked for; 0 at a start.")
    round_started_at = models.DateTimeField(null=True, blank=True)
    round_finished_at = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0, help_text="In this round.")
    lease_token = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["platform", "subject"]
        permissions = [("fetch_status", "Can ask platforms where parcels are")]
        constraints = [
            models.UniqueConstraint(fields=["platform", "subject"], name="one_cursor_a_subject")
        ]

    def __str__(self) -> str:
        return f"{self.get_platform_display()}, {self.subject}"
