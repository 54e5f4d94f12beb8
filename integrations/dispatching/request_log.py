"""How long the request log is kept: failures and changes longer than mere questions."""

from datetime import datetime, timedelta

from core.periodic import delete_in_batches
from integrations.models import ApiCall, Retention

KEEP = {
    Retention.READ: timedelta(days=14),
    Retention.WRITE: timedelta(days=90),
    Retention.FAILURE: timedelta(days=90),
}


def delete_old_calls(now: datetime) -> int:
    """Delete what is past its time, a thousand at once; returns how many rows."""
    return sum(
        delete_in_batches(ApiCall.objects.order_by().filter(retention=kind, at__lt=now - kept))
        for kind, kept in KEEP.items()
    )
