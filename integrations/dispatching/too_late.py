"""A cancellation that came too late: its parcel has left, so nobody can help it any more."""

from django.utils import timezone

from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.platforms.errors import Refused
from orders.models import Order, Shipment


def void_late_cancels(order: Order) -> bool:
    """Close what a platform refused to cancel, once the parcel is known to have left.

    True when that refusal was the order's problem, which is over with it. In the caller's
    transaction, in the order's turn.
    """
    left = Shipment.objects.filter(order=order, shipped_at__isnull=False).values("reference")
    late = Dispatch.objects.filter(
        order=order,
        kind=DispatchKind.CANCEL,
        state=DispatchState.NEEDS_HELP,
        error_code=Refused.code,
        doubted_at=None,
        reference__in=left,
    )
    refusals = dict(late.values_list("pk", "error"))
    late.filter(pk__in=refusals).update(state=DispatchState.CANCELLED, done_at=timezone.now())
    return any(order.problem == said[:500] for said in refusals.values())
