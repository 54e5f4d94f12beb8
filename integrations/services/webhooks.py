"""A person has a webhook event processed once more."""

from django.db import transaction
from django.utils import timezone

from core.audit import record_audit
from core.tasks import enqueue
from integrations.models import WebhookEvent, WebhookState
from integrations.receiving.processing import process_webhook


@transaction.atomic
def process_again(event: WebhookEvent) -> None:
    """Ask the platform about the event's shipment anew; a worker does it. Always allowed."""
    WebhookEvent.objects.filter(pk=event.pk).update(
        state=WebhookState.WAITING,
        attempts=0,
        next_attempt_at=timezone.now(),
        lease_token="",
        processed_at=None,
        error="",
    )
    record_audit("process_webhook_again", event)
    enqueue(process_webhook, event.pk, queue=event.source)
