"""The order follows its parcel: shipped, delivered, or a problem that says why."""

from collections.abc import Sequence

from django.utils import timezone

from integrations.platforms.remote import TrackingCode
from integrations.tracking import states
from integrations.tracking.states import Scan
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from orders.services import consume_reservations
from orders.services.history import write_event

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
_KIND = "tracking"


def match_order(order: Order, shipment: Shipment, scans: Sequence[Scan], words: str) -> None:
    """Move the order to where its parcel is; in the caller's transaction, in the order's turn.

    An order that is elsewhere (still sending, cancelled here) is left alone.
    """
    state = ShipmentState(shipment.state)
    target = _TARGETS.get(state)
    if target is None or order.status not in _FOLLOWS:
        return
    if states.has_left(scans, state):
        _leave(order, shipment)
    reason = _reason(shipment, state, scans, words)
    if order.status == OrderStatus.PROBLEM:
        _go_on_from_problem(order, shipment, target, reason)
    elif order.status != target and not _is_step_back(order, target):
        _move(order, shipment, target, reason)


def _leave(order: Order, shipment: Shipment) -> None:
    """The goods are off the books, and the history says that it shipped, whatever follows."""
    if order.status == OrderStatus.SENT:
        _move(order, shipment, OrderStatus.SHIPPED, _on_its_way(shipment))
    consume_reservations(order)


def _is_step_back(order: Order, target: OrderStatus) -> bool:
    return order.status == OrderStatus.DELIVERED and target == OrderStatus.SHIPPED


def _go_on_from_problem(order: Order, shipment: Shipment, target: OrderStatus, reason: str) -> None:
    """A problem the parcel made, the parcel may solve; any other one is for a person."""
    if not _is_of_parcel(order, shipment):
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


def _reason(shipment: Shipment, state: ShipmentState, scans: Sequence[Scan], words: str) -> str:
    parcel = _parcel(shipment)
    said = (states.last_words(scans, state) or words).strip().rstrip(".")
    quoted = f": {said}" if said else ""
    match state:
        case ShipmentState.SHIPPED:
            return _on_its_way(shipment)
        case ShipmentState.DELIVERED:
            sentence = f"{parcel} was delivered{quoted}."
        case ShipmentState.LOST:
            sentence = f"{parcel} is lost{quoted}. Claim it from the carrier and tell the customer."
        case ShipmentState.RETURNED:
            sentence = f"{parcel} came back{quoted}. Receive it and ask the customer what next."
        case _:
            sentence = _trouble(parcel, quoted, scans)
    return sentence[:500]


def _trouble(parcel: str, quoted: str, scans: Sequence[Scan]) -> str:
    decisive = [scan.code for scan in scans if states.meaning_of(scan.code)]
    if decisive and decisive[-1] == TrackingCode.RETURNING:
        return f"{parcel} is on its way back{quoted}. Ask the customer what next."
    return f"{parcel} is held up{quoted}. Ask the carrier what it needs."


def _on_its_way(shipment: Shipment) -> str:
    return f"{_parcel(shipment)} is on its way."


def _parcel(shipment: Shipment) -> str:
    name = shipment.tracking_number or shipment.reference
    return f"Parcel {name} ({shipment.carrier or shipment.get_platform_display()})"
