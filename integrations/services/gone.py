"""What a platform gave up by itself is given up here, too."""

from django.db import transaction
from django.utils import timezone

from integrations.dispatching.calling_back import cancellation_of, void
from integrations.dispatching.records import close_cancelled
from integrations.errors import InHand
from integrations.models import Dispatch, DispatchKind, DispatchState
from orders.models import Shipment


@transaction.atomic
def close_gone(shipment: Shipment, reason: str, told: str) -> Dispatch:
    """Close a shipment that its platform has cancelled or forgotten, in its order's turn.

    The order goes back to be routed again, by the same steps as after a cancellation of ours; the
    platform is not asked. Raises InHand while a worker is on it.
    """
    told_of = Dispatch.objects.filter(platform=shipment.platform, reference=shipment.reference)
    for live in told_of.live():
        _void(live, shipment)
    earlier = told_of.filter(kind=DispatchKind.CANCEL).first()
    cancel = earlier or cancellation_of(shipment, reason)
    cancel.reason = reason[:300]
    cancel.state, cancel.done_at, cancel.error = DispatchState.DONE, timezone.now(), ""
    cancel.save()
    close_cancelled(cancel, told)
    return cancel


def _void(live: Dispatch, shipment: Shipment) -> None:
    """A promise that waits is void. Raises InHand."""
    if live.state in (DispatchState.SENDING, DispatchState.UNKNOWN):
        raise InHand(shipment.order.number, "a worker is at it right now.")
    if not void(live):
        raise InHand(shipment.order.number, "a worker took it just now.")
