"""An order is promised to its platform, a split one part by part."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from core.actor import current_actor
from core.correlation import correlation_id, new_correlation_id
from integrations.dispatching.joint import standings_of
from integrations.dispatching.records import settle_and_tell
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
    ShipmentState,
)
from orders.parts import Part, parts_of
from orders.services import reserve_route
from orders.services.history import take_turn

_RESENDABLE = frozenset({OrderStatus.READY, OrderStatus.ROUTED, OrderStatus.PROBLEM})

_BEFORE_SENDING: dict[str, str] = {
    OrderStatus.NEW: " Route it first.",
    OrderStatus.NEEDS_REVIEW: " Settle its findings, then route it first.",
    OrderStatus.READY: " Route it first.",
    OrderStatus.PROBLEM: " Settle its problem, or resend what was cancelled.",
}


@transaction.atomic
def send_order(order: Order) -> Dispatch:
    """Promise a routed order to its platform and wake a worker; a split one part by part.

    Returns the first part's dispatch. Raises NotReadyToSend, OnHold, HasErrors, StillAlive.
    """
    _take(order)
    if order.status != OrderStatus.ROUTED:
        raise NotReadyToSend(order.number, _why_not_routed(order))
    return _promise(order, "")


@transaction.atomic
def resend_order(order: Order, reason: str) -> Dispatch:
    """Send what is not alive again by the same route, under the next generation's reference.

    Of a split order that is every part which was cancelled; the others are left alone. Returns the
    first dispatch. Raises NeedsAReason, NothingToResend, NotReadyToSend, OnHold, HasErrors,
    StillAlive, and what reserving its stock again raises.
    """
    if not reason.strip():
        raise NeedsAReason("Resending")
    _take(order)
    if not order.dispatches.exists():
        raise NothingToResend(order.number)
    _give_up_what_was_cancelled_there(order)
    if all(standing.is_alive for standing in standings_of(order)):
        _refuse_what_is_alive(order)
    if order.status not in _RESENDABLE:
        why = f"it is “{order.get_status_display()}”."
        raise NotReadyToSend(order.number, why)
    _check_route(order)
    if order.status == OrderStatus.READY and order.warehouse:
        reserve_route(order)
        order.move_to(OrderStatus.ROUTED, "Routed as before.")
    return _promise(order, reason.strip())


def _why_not_routed(order: Order) -> str:
    """What it is instead, and what to do where that leads to sending."""
    advice = _BEFORE_SENDING.get(order.status, "")
    return f"it is “{order.get_status_display()}”.{advice}"


def _take(order: Order) -> None:
    take_turn(order)
    order.refresh_from_db()


def _promise(order: Order, reason: str) -> Dispatch:
    _check_route(order)
    _check_free(order)
    standings = standings_of(order)
    parts = [standing.part for standing in standings if not standing.is_alive]
    is_begun = order.status == OrderStatus.ROUTED and len(parts) < len(standings)
    if is_begun or not parts:
        _refuse_what_is_alive(order)
    dispatches = [_write_dispatch(order, part, reason) for part in parts]
    _say_so(order, dispatches, reason)
    for platform in {dispatch.platform for dispatch in dispatches}:
        poke(platform)
    return dispatches[0]


def _say_so(order: Order, dispatches: Sequence[Dispatch], reason: str) -> None:
    """The order is being sent, unless another part of it still needs a person."""
    again = f" again: {reason}" if reason else ""
    said = [f"to {each.get_platform_display()} as {each.reference}" for each in dispatches]
    told = f"To be sent {' and '.join(said)}{again}."
    first = dispatches[0]
    details = {"dispatch": first.pk, "reference": first.reference}
    if order.parcels > 1 and order.status == OrderStatus.PROBLEM:
        settle_and_tell(order, told, **details)
        return
    order.move_to(OrderStatus.SENDING, told, details=details, platform=first.platform, problem="")


def _check_route(order: Order) -> None:
    parts = parts_of(order)
    if any(part.warehouse is None or part.service is None for part in parts):
        raise NotReadyToSend(order.number, "it has no warehouse or no service. Route it first.")
    if order.parcels > 1:
        _check_parts_hold_all(order, parts)
    places = set(
        Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
        .order_by()
        .values_list("level__warehouse__code", flat=True)
    )
    elsewhere = places - {part.warehouse.code for part in parts if part.warehouse}
    if elsewhere:
        why = f"its stock is reserved in {', '.join(sorted(places))}. Re-route it."
        raise NotReadyToSend(order.number, why)


def _check_parts_hold_all(order: Order, parts: Sequence[Part]) -> None:
    """Its lines may have been changed since it was split."""
    held: Counter[int] = Counter()
    for part in parts:
        held.update(part.units or {})
    if held != dict(order.lines.values_list("pk", "quantity")):
        why = (
            "its lines were changed after it was split. Cancel what is at a platform, re-route it."
        )
        raise NotReadyToSend(order.number, why)


def _check_free(order: Order) -> None:
    for hold in order.holds.filter(released_at=None):
        if hold.is_open:
            raise OnHold(order.number, str(hold))
    error = order.findings.filter(state=FindingState.OPEN, severity=Severity.ERROR).first()
    if error is not None:
        raise HasErrors(order.number, error.message)


def _refuse_what_is_alive(order: Order) -> None:
    live = order.dispatches.live().order_by("part").first()
    if live is not None:
        raise StillAlive(order.number, live.reference, f"is “{live.get_state_display()}”")
    alive = Shipment.objects.filter(order=order).exclude(state=ShipmentState.CANCELLED)
    shipment = alive.order_by("part").first()
    if shipment is None:
        raise NotReadyToSend(order.number, "every part of it was left out.")
    label = f" with label {shipment.tracking_number}" if shipment.tracking_number else ""
    where = f"is alive at {shipment.get_platform_display()}{label}"
    raise StillAlive(order.number, shipment.reference, where)


def _give_up_what_was_cancelled_there(order: Order) -> None:
    """The platform itself holds this generation as cancelled: only a new one can go on."""
    order.dispatches.filter(
        kind=DispatchKind.CREATE, state=DispatchState.NEEDS_HELP, error_code="cancelled_there"
    ).update(state=DispatchState.CANCELLED)


def next_generation(order: Order, part: int) -> int:
    """Which generation of that part the next dispatch would be: 1 when none was ever sent."""
    earlier = order.dispatches.filter(part=part).order_by("-generation")
    return (earlier.values_list("generation", flat=True).first() or 0) + 1


def _write_dispatch(order: Order, part: Part, reason: str) -> Dispatch:
    generation = next_generation(order, part.n)
    if part.service is None:
        raise NotReadyToSend(order.number, "it has no service. Route it first.")
    dispatch = Dispatch(
        order=order,
        part=part.n,
        kind=DispatchKind.CREATE,
        platform=part.service.carrier.platform,
        generation=generation,
        reference=reference_of(order.pk, generation, part.n),
        reason=reason[:300],
        created_by_id=current_actor.get().user_id,
        correlation_id=correlation_id.get() or new_correlation_id(),
    )
    dispatch.save()
    return dispatch
