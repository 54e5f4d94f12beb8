"""What a platform holds of an order is called back."""

from django.db import transaction
from django.utils import timezone

from integrations.dispatching.calling_back import cancellation_of, void
from integrations.dispatching.joint import standings_of
from integrations.dispatching.records import close_cancelled, told_of_part
from integrations.errors import InHand, NeedsAReason, NothingToCancel
from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.tasks import poke
from orders.errors import AlreadyShipped
from orders.models import Order, Shipment, ShipmentState
from orders.services.history import take_turn, write_event

_CAN_BE_CALLED_BACK = (DispatchState.WAITING, DispatchState.NEEDS_HELP)


@transaction.atomic
def cancel_at_platform(
    order: Order, reason: str, *, cancels_order: bool = False, part: int | None = None
) -> Dispatch:
    """Promise to cancel the order at its platform; afterwards it is ready to be routed again.

    `cancels_order`: it is cancelled here, too. What never left us is called back at once. Of a
    split order `part` alone is cancelled, or every part that has not left the building; returns
    the first cancellation. Raises NeedsAReason, NothingToCancel, InHand, AlreadyShipped.
    """
    reason = reason.strip()
    if not reason:
        raise NeedsAReason("Cancelling")
    take_turn(order)
    order.refresh_from_db()
    told = [_last_told(order, each) for each in _to_cancel(order, part, cancels_order)]
    for last in told:
        _check_may_be_cancelled(order, last)
    # All are called back before any is closed: the order then knows what is still alive.
    cancels = [_cancel(last, reason, cancels_order=cancels_order) for last in told]
    for cancel in cancels:
        _begin(order, cancel)
    return cancels[0]


def _to_cancel(order: Order, part: int | None, cancels_order: bool) -> list[int]:
    """Numbers of the parts. Raises NothingToCancel, AlreadyShipped."""
    if order.parcels == 1 and part in (None, 1):
        _check_has_not_left(order)
        return [1]
    alive = [standing for standing in standings_of(order) if standing.is_alive]
    here = [standing for standing in alive if not standing.has_left]
    if cancels_order and len(here) < len(alive):
        raise AlreadyShipped(order.number)
    if part is not None:
        alive = here = [standing for standing in alive if standing.part.n == part]
    if not alive:
        raise NothingToCancel(order.number)
    # Where all of it has left, the platform says that it is too late.
    return [standing.part.n for standing in here or alive]


def _check_has_not_left(order: Order) -> None:
    """What came back or was lost may be called back still, where the platform agrees."""
    gone = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
    if Shipment.objects.filter(order=order, state__in=gone).exists():
        raise AlreadyShipped(order.number)


def _check_may_be_cancelled(order: Order, last: Dispatch) -> None:
    if last.state in (DispatchState.SENDING, DispatchState.UNKNOWN):
        raise InHand(order.number, _why_in_hand(last))
    if last.kind == DispatchKind.CANCEL and last.state != DispatchState.DONE:
        raise InHand(order.number, "its cancellation waits for a person. Retry that one.")


def _cancel(last: Dispatch, reason: str, *, cancels_order: bool) -> Dispatch:
    cancel = cancellation_of(
        last,
        reason,
        cancels_order=cancels_order,
        doubted_at=last.doubted_at,
        doubts=last.doubts,
        state=DispatchState.UNKNOWN if last.doubted_at else DispatchState.WAITING,
    )
    _call_back(last)
    if _is_certainly_not_there(last):
        cancel.state, cancel.done_at = DispatchState.DONE, timezone.now()
    cancel.save()
    return cancel


def _begin(order: Order, cancel: Dispatch) -> None:
    if cancel.state == DispatchState.DONE:
        close_cancelled(cancel, f"Called back before it was sent: {cancel.reason}")
        return
    told = f"To be cancelled at {cancel.get_platform_display()}: {cancel.reason}"
    write_event(order, "dispatch", told_of_part(order, cancel, told), dispatch=cancel.pk)
    poke(cancel.platform)


def _last_told(order: Order, part: int) -> Dispatch:
    """The part's newest promise whose effect may be alive there. Raises NothingToCancel."""
    dispatches = order.dispatches.filter(part=part)
    live = dispatches.live().first()
    if live is not None:
        return live
    alive = Shipment.objects.filter(order=order, part=part).exclude(state=ShipmentState.CANCELLED)
    shipment = alive.first()
    if shipment is None:
        raise NothingToCancel(order.number)
    kept = dispatches.filter(generation=shipment.generation).order_by("-created_at", "-id")
    last = kept.first()
    if last is None:
        raise NothingToCancel(order.number)
    return last


def _why_in_hand(last: Dispatch) -> str:
    there = last.get_platform_display()
    if last.state == DispatchState.UNKNOWN:
        return f"whether {there} has it is being looked up."
    return f"it is being sent to {there} right now."


def _call_back(last: Dispatch) -> None:
    """A promise that was not kept yet is void. Raises InHand when a worker took it just now."""
    if last.state not in _CAN_BE_CALLED_BACK:
        return
    if not void(last):
        raise InHand(last.order.number, _why_in_hand(last))


def _is_certainly_not_there(last: Dispatch) -> bool:
    """Every call that could have created it leaves a doubt until its answer is kept."""
    if last.kind != DispatchKind.CREATE or last.error_code == "several_matches":
        return False
    return not last.remote_id and last.doubted_at is None
