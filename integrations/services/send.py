"""An order is promised to its platform."""

from django.db import transaction

from core.actor import current_actor
from core.correlation import correlation_id, new_correlation_id
from integrations.dispatching.references import reference_of
from integrations.errors import (
    HasErrors,
    NeedsAReason,
    NothingToResend,
    NotReadyToSend,
    StillAlive,
)
from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.tasks import poke
from orders.errors import OnHold
from orders.models import (
    FindingState,
    Order,
    OrderStatus,
    Reservation,
    ReservationState,
    Severity,
    Shipment,
)
from orders.services import reserve_lines
from orders.services.history import take_turn

_RESENDABLE = frozenset({OrderStatus.READY, OrderStatus.ROUTED, OrderStatus.PROBLEM})


@transaction.atomic
def send_order(order: Order) -> Dispatch:
    """Promise a routed order to its platform and wake a worker.

    Raises NotReadyToSend, OnHold, HasErrors, StillAlive.
    """
    _take(order)
    if order.status != OrderStatus.ROUTED:
        why = f"it is “{order.get_status_display()}”. Route it first."
        raise NotReadyToSend(order.number, why)
    return _promise(order, "")


@transaction.atomic
def resend_order(order: Order, reason: str) -> Dispatch:
    """Send a cancelled order again by the same route, under the next generation's reference.

    Raises NeedsAReason, NothingToResend, NotReadyToSend, OnHold, HasErrors, StillAlive, and what
    reserving its stock again raises.
    """
    if not reason.strip():
        raise NeedsAReason("Resending")
    _take(order)
    if not order.dispatches.exists():
        raise NothingToResend(order.number)
    _give_up_what_was_cancelled_there(order)
    _check_nothing_alive(order)
    if order.status not in _RESENDABLE:
        why = f"it is “{order.get_status_display()}”."
        raise NotReadyToSend(order.number, why)
    _check_route(order)
    if order.status == OrderStatus.READY and order.warehouse:
        reserve_lines(order, order.warehouse)
        order.move_to(OrderStatus.ROUTED, "Routed as before.")
    return _promise(order, reason.strip())


def _take(order: Order) -> None:
    take_turn(order)
    order.refresh_from_db()


def _promise(order: Order, reason: str) -> Dispatch:
    _check_route(order)
    _check_free(order)
    _check_nothing_alive(order)
    dispatch = _write_dispatch(order, reason)
    again = f" again: {reason}" if reason else ""
    order.move_to(
        OrderStatus.SENDING,
        f"To be sent to {dispatch.get_platform_display()} as {dispatch.reference}{again}.",
        details={"dispatch": dispatch.pk, "reference": dispatch.reference},
        platform=dispatch.platform,
        problem="",
    )
    poke(dispatch.platform)
    return dispatch


def _check_route(order: Order) -> None:
    if order.warehouse is None or order.service is None:
        raise NotReadyToSend(order.number, "it has no warehouse or no service. Route it first.")
    places = set(
        Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
        .order_by()
        .values_list("level__warehouse__code", flat=True)
    )
    if len(places) > 1:
        why = (
            f"it ships in parts from {', '.join(sorted(places))}, and a platform takes one parcel "
            "of an order. Move the stock and re-route it, or make an order of each part."
        )
        raise NotReadyToSend(order.number, why)


def _check_free(order: Order) -> None:
    for hold in order.holds.filter(released_at=None):
        if hold.is_open:
            raise OnHold(order.number, str(hold))
    error = order.findings.filter(state=FindingState.OPEN, severity=Severity.ERROR).first()
    if error is not None:
        raise HasErrors(order.number, error.message)


def _check_nothing_alive(order: Order) -> None:
    live = order.dispatches.live().first()
    if live is not None:
        raise StillAlive(order.number, live.reference, f"is “{live.get_state_display()}”")
    shipment = Shipment.objects.filter(order=order).exclude(state="cancelled").first()
    if shipment is not None:
        label = f" with label {shipment.tracking_number}" if shipment.tracking_number else ""
        where = f"is alive at {shipment.get_platform_display()}{label}"
        raise StillAlive(order.number, shipment.reference, where)


def _give_up_what_was_cancelled_there(order: Order) -> None:
    """The platform itself holds this generation as cancelled: only a new one can go on."""
    order.dispatches.filter(
        kind=DispatchKind.CREATE, state=DispatchState.NEEDS_HELP, error_code="cancelled_there"
    ).update(state=DispatchState.CANCELLED)


def _write_dispatch(order: Order, reason: str) -> Dispatch:
    last = order.dispatches.order_by("-generation").values_list("generation", flat=True).first()
    generation = (last or 0) + 1
    if order.service is None:
        raise NotReadyToSend(order.number, "it has no service. Route it first.")
    dispatch = Dispatch(
        order=order,
        kind=DispatchKind.CREATE,
        platform=order.service.carrier.platform,
        generation=generation,
        reference=reference_of(order.pk, generation),
        reason=reason[:300],
        created_by_id=current_actor.get().user_id,
        correlation_id=correlation_id.get() or new_correlation_id(),
    )
    dispatch.save()
    return dispatch
