"""The request log: one row per outward call."""

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from integrations.models.dispatches import Dispatch
from orders.models import Order
from warehouses.models import Platform


class Retention(models.TextChoices):
    """How long a row is kept: integrations/dispatching/request_log.py."""

    READ = "read", "A question"
    WRITE = "write", "A change"
    FAILURE = "failure", "A failure"


class ApiCall(models.Model):
    """What was asked and answered, without secrets and personal details, capped in size."""

    at = models.DateTimeField(default=timezone.now)
    platform = models.CharField(max_length=20, choices=Platform)
    correlation_id = models.CharField(max_length=64, blank=True)
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="api_calls", db_index=False
    )
    dispatch = models.ForeignKey(
        Dispatch, models.SET_NULL, null=True, blank=True, related_name="calls", db_index=False
    )
    purpose = models.CharField(max_length=20)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: no answer.")
    outcome = models.CharField(max_length=40, help_text="ok, or an error's code.")
    milliseconds = models.PositiveIntegerField()
    request_excerpt = models.TextField(blank=True)
    response_excerpt = models.TextField(blank=True)
    retention = models.CharField(max_length=10, choices=Retention)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "platform call"
        indexes = [
            models.Index(fields=["-at", "-id"], name="call_newest"),
            models.Index(fields=["order", "-at"], name="call_of_order"),
            models.Index(fields=["dispatch", "-at"], name="call_of_dispatch"),
            models.Index(fields=["retention", "at"], name="call_by_age"),
            models.Index(Upper("correlation_id"), name="call_by_correlation"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
