"""A split order stands where its parts stand together; one that ships whole is not asked here.

| its parts | the order |
|---|---|
| any needs a person | problem, with a sentence for each such part |
| else any has no label yet | sending |
| else none has moved | sent |
| else any is not delivered | shipped |
| else | delivered |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.tracking.sentences import scans_of, told_of
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from orders.parts import Part, parts_of
from orders.services.history import write_event

_TROUBLED = (ShipmentState.EXCEPTION, ShipmentState.RETURNED, ShipmentState.LOST)
_WAY = (OrderStatus.SENDING, OrderStatus.SENT, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
_ROOM = 490
"""Characters of Order.problem, less the spaces between."""
_SETTLED_HERE = frozenset({*_WAY, OrderStatus.PROBLEM})


@dataclass(frozen=True, slots=True)
class Standing:
    """One part, with the promise and the parcel of it that are alive, if any."""

    part: Part
    dispatch: Dispatch | None
    shipment: Shipment | None

    @property
    def is_alive(self) -> bool:
        return self.dispatch is not None or self.shipment is not None

    @property
    def has_left(self) -> bool:
        return self.shipment is not None and self.shipment.shipped_at is not None

    @property
    def is_called_back(self) -> bool:
        """Its cancellation is under way, and may still succeed."""
        cancels = self.dispatch is not None and self.dispatch.kind == DispatchKind.CANCEL
        return cancels and not self.has_left

    @property
    def is_unsent(self) -> bool:
        shipment = self.shipment
        return shipment is None or shipment.state == ShipmentState.CREATED


def standings_of(order: Order) -> list[Standing]:
    """Of every part that was not left out; two queries besides the parts."""
    dispatches = {each.part: each for each in order.dispatches.live()}
    alive = Shipment.objects.filter(order=order).exclude(state=ShipmentState.CANCELLED)
    shipments = {each.part: each for each in alive}
    return [
        Standing(part, dispatches.get(part.n), shipments.get(part.n))
        for part in parts_of(order)
        if not part.is_left_out
    ]


def is_any_alive(order: Order) -> bool:
    return any(standing.is_alive for standing in standings_of(order))


def settle_parts(order: Order, told: str = "", **details: Any) -> bool:
    """Move a split order to where its parts are; in the caller's transaction, in its turn.

    True when it moved on, with `told` as the message of the step. One that was cancelled here, or
    of which nothing is at a platform, stays as it is.
    """
    standings = standings_of(order)
    if order.status not in _SETTLED_HERE or not any(each.is_alive for each in standings):
        return False
    sentences = [said for each in standings if (said := _trouble_of(each, standings))]
    if sentences:
        _be_a_problem(order, sentences, details)
        return False
    return _go_on(order, standings, told, details)


def _trouble_of(standing: Standing, standings: Sequence[Standing]) -> str:
    """Why a person must look at this part; empty where nobody must."""
    dispatch, shipment, part = standing.dispatch, standing.shipment, standing.part
    # A cancellation that came too late asks nobody any more.
    is_too_late = standing.has_left and dispatch and dispatch.kind == DispatchKind.CANCEL
    if dispatch and dispatch.state == DispatchState.NEEDS_HELP and not is_too_late:
        return part.tell(dispatch.error)
    if shipment is not None and shipment.state in _TROUBLED:
        return part.tell(told_of(shipment, scans_of(shipment)))
    if not standing.is_alive and any(_stays(other) for other in standings):
        return part.tell(
            "it is at no platform any more, and the rest of the order is. Resend it, leave it out, "
            "or cancel the order at the platform."
        )
    return ""


def _stays(standing: Standing) -> bool:
    return standing.is_alive and not standing.is_called_back


def _be_a_problem(order: Order, sentences: Sequence[str], details: dict[str, Any]) -> None:
    """Each part has its share of the room, so that none is left unsaid."""
    problem = " ".join(said[: _ROOM // len(sentences)] for said in sentences)
    if order.status != OrderStatus.PROBLEM:
        order.move_to(OrderStatus.PROBLEM, problem, details=details, problem=problem)
    elif order.problem != problem:
        Order.objects.filter(pk=order.pk).update(problem=problem, updated_at=timezone.now())
        order.problem = problem
        write_event(order, "dispatch", problem, **details)


def _go_on(order: Order, standings: Sequence[Standing], told: str, details: dict[str, Any]) -> bool:
    alive = [standing for standing in standings if standing.is_alive]
    if not any(_stays(standing) for standing in alive):
        return False
    steps = _steps(OrderStatus(order.status), _joint(alive))
    for status in steps:
        order.move_to(status, told[:1000], details=details, problem="")
    return bool(steps)


def _joint(alive: Sequence[Standing]) -> OrderStatus:
    if any(standing.is_unsent for standing in alive):
        return OrderStatus.SENDING
    states = {standing.shipment.state for standing in alive if standing.shipment}
    if states == {ShipmentState.DELIVERED}:
        return OrderStatus.DELIVERED
    gone = any(standing.has_left for standing in alive)
    return OrderStatus.SHIPPED if gone else OrderStatus.SENT


def _steps(current: OrderStatus, target: OrderStatus) -> tuple[OrderStatus, ...]:
    """One after the other, so that the history says all of it; never back."""
    if current == OrderStatus.PROBLEM:
        return (target,)
    return _WAY[_WAY.index(current) + 1 : _WAY.index(target) + 1]
