"""How a promise is called back: a waiting one is void, a kept one gets a cancellation."""

from typing import Any

from django.utils import timezone

from core.actor import current_actor
from core.correlation import correlation_id, new_correlation_id
from integrations.models import Dispatch, DispatchKind, DispatchState
from orders.models import Shipment


def void(dispatch: Dispatch) -> bool:
    """Close a dispatch that was not carried out; False when a worker has taken it meanwhile."""
    same = Dispatch.objects.filter(pk=dispatch.pk, state=dispatch.state, attempts=dispatch.attempts)
    return bool(same.update(state=DispatchState.CANCELLED, done_at=timezone.now()))


def cancellation_of(told: Dispatch | Shipment, reason: str, **more: Any) -> Dispatch:
    """A cancellation of the same part, generation and reference, not yet written."""
    return Dispatch(
        order_id=told.order_id,
        part=told.part,
        kind=DispatchKind.CANCEL,
        platform=told.platform,
        generation=told.generation,
        reference=told.reference,
        remote_id=told.remote_id,
        reason=reason[:300],
        created_by_id=current_actor.get().user_id,
        correlation_id=correlation_id.get() or new_correlation_id(),
        **more,
    )
