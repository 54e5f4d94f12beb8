"""The order follows its parcel: shipped, delivered, or a problem that says why."""

from collections.abc import Sequence

from django.utils import timezone

from integrations.dispatching.joint import settle_parts
from integrations.dispatching.too_late import void_late_cancels
from integrations.tracking import states
from integrations.tracking.sentences import on_its_way, told_of
from integrations.tracking.states import Scan
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from orders.parts import part_of
from orders.services import consume_reservations
from orders.services.history import write_event
from warehouses.models import Warehouse

_TARGETS = {
    ShipmentState.SHIPPED: OrderStatus.SHIPPED,
    ShipmentState.DELIVERED: OrderStatus.DELIVERED,
    ShipmentState.EXCEPTION: OrderStatus.PROBLEM,
    ShipmentState.RETURNED: OrderStatus.PROBLEM,
    ShipmentState.LOST: OrderStatus.PROBLEM,
}
_FOLLOWS = frozenset(
    {OrderStatus.SENT, OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.PROBLEM}
)
_FOLLOWS_IN_PARTS = _FOLLOWS | {OrderStatus.SENDING}
"""One part may be on its way before the next has its label."""
_KIND = "tracking"


def match_order(order: Order, shipment: Shipment, scans: Sequence[Scan], words: str) -> None:
    """Move the order to where its parcel is; in the caller's transaction, in the order's turn.

    An order that is elsewhere (still sending, cancelled here) is left alone.
    """
    state = ShipmentState(shipment.state)
    target = _TARGETS.get(state)
    if target is None:
        return
    if order.parcels > 1:
        _match_parts(order, shipment, scans, words)
        return
    if order.status not in _FOLLOWS:
        return
    if states.has_left(scans, state):
        _leave(order, shipment)
    reason = told_of(shipment, scans, words)
    if order.status == OrderStatus.PROBLEM:
        _go_on_from_problem(order, shipment, target, reason)
    elif order.status != target and not _is_step_back(order, target):
        _move(order, shipment, target, reason)


def _match_parts(order: Order, shipment: Shipment, scans: Sequence[Scan], words: str) -> None:
    """The goods of this parcel leave the books; where the order goes, all parcels say together."""
    part = part_of(order, shipment.part)
    if part is None or order.status not in _FOLLOWS_IN_PARTS:
        return
    if states.has_left(scans, shipment.state):
        _leave(order, shipment, part.warehouse)
    if order.status == OrderStatus.PROBLEM:
        void_late_cancels(order)
    reason = part.tell(told_of(shipment, scans, words))
    moved = settle_parts(order, reason, shipment=shipment.pk, state=shipment.state)
    is_said = moved or _TARGETS[ShipmentState(shipment.state)] == OrderStatus.PROBLEM
    if not is_said and not order.events.filter(message=reason).exists():
        write_event(order, _KIND, reason, shipment=shipment.pk)


def _leave(order: Order, shipment: Shipment, warehouse: Warehouse | None = None) -> None:
    """The goods are off the books, and the history says that it shipped, whatever follows."""
    if order.status == OrderStatus.SENT:
        _move(order, shipment, OrderStatus.SHIPPED, on_its_way(shipment))
    consume_reservations(order, warehouse=warehouse)


def _is_step_back(order: Order, target: OrderStatus) -> bool:
    return order.status == OrderStatus.DELIVERED and target == OrderStatus.SHIPPED


def _go_on_from_problem(order: Order, shipment: Shipment, target: OrderStatus, reason: str) -> None:
    """A problem the parcel made, the parcel may solve, as one of a cancellation that came too late.

    Any other one is for a person.
    """
    if not (void_late_cancels(order) or _is_of_parcel(order, shipment)):
        _note_once(order, shipment, reason)
    elif target != OrderStatus.PROBLEM:
        _move(order, shipment, target, reason)
    elif order.problem != reason:
        Order.objects.filter(pk=order.pk).update(problem=reason, updated_at=timezone.now())
        order.problem = reason
        write_event(order, _KIND, reason, shipment=shipment.pk)


def _is_of_parcel(order: Order, shipment: Shipment) -> bool:
    last = order.events.filter(kind="status").order_by("-id").first()
    return last is not None and last.details.get("shipment") == shipment.pk


def _note_once(order: Order, shipment: Shipment, reason: str) -> None:
    if not order.events.filter(kind=_KIND, message=reason).exists():
        write_event(order, _KIND, reason, shipment=shipment.pk)


def _move(order: Order, shipment: Shipment, target: OrderStatus, reason: str) -> None:
    problem = reason if target == OrderStatus.PROBLEM else ""
    details = {"shipment": shipment.pk, "state": shipment.state}
    order.move_to(target, reason, details=details, problem=problem)
