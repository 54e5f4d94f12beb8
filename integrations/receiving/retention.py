"""How long deliveries are kept: those that failed longer, those that wait for ever."""

from datetime import datetime

from core.periodic import delete_in_batches
from integrations.models import WebhookEvent, WebhookState
from integrations.receiving.rules import KEEP_EVENTS, KEEP_FAILED

KEEP = {
    WebhookState.DONE: KEEP_EVENTS,
    WebhookState.IGNORED: KEEP_EVENTS,
    WebhookState.FAILED: KEEP_FAILED,
}


def delete_old_events(now: datetime) -> int:
    """Delete what is past its time, a thousand at once; returns how many rows."""
    return sum(
        delete_in_batches(
            WebhookEvent.objects.order_by().filter(state=state, last_received_at__lt=now - kept)
        )
        for state, kept in KEEP.items()
    )
