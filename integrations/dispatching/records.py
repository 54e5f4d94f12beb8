"""What an attempt writes down when something is known: each function is one transaction.

All of them begin by proving that the dispatch is still ours; if not, LeaseLost undoes everything.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.dispatching.claims import Claim, finish, save_progress
from integrations.dispatching.joint import is_any_alive, settle_parts
from integrations.dispatching.outward import part_told
from integrations.dispatching.papers import keep_document
from integrations.errors import CannotSay
from integrations.models import (
    AttemptOutcome,
    Dispatch,
    DispatchKind,
    DispatchState,
)
from integrations.platforms.remote import Label, LabelState, RemoteOrder
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from orders.parts import part_of
from orders.services import cancel_order, release_reservations
from orders.services.history import take_turn, write_event

_CLEAR: dict[str, Any] = {
    "error_code": "",
    "error": "",
    "platform_words": "",
    "missing": "",
    "asked": {},
    "setbacks": 0,
    "doubted_at": None,
    "doubts": 0,
}


def shipment_of(dispatch: Dispatch) -> Shipment:
    """Raises CannotSay when the platform was never told."""
    shipment = Shipment.objects.filter(
        order_id=dispatch.order_id, part=dispatch.part, generation=dispatch.generation
    ).first()
    if shipment is None:
        raise CannotSay(f"{dispatch.reference} has no shipment yet. Send the order first.")
    return shipment


@transaction.atomic
def note_created(claim: Claim, remote: RemoteOrder, remarks: tuple[str, ...]) -> None:
    """The platform holds the order: keep its id at once, whatever happens next."""
    dispatch = claim.dispatch
    save_progress(claim, remote_id=remote.remote_id, doubted_at=None, doubts=0)
    order = locked_order(dispatch)
    part = part_told(order, dispatch)
    if part.service is None:
        raise CannotSay(f"Order {order.number} has no service. Route it again.")
    Shipment.objects.get_or_create(
        order=order,
        part=dispatch.part,
        generation=dispatch.generation,
        defaults={
            "platform": dispatch.platform,
            "reference": dispatch.reference,
            "remote_id": remote.remote_id,
            "service": part.service,
        },
    )
    there = dispatch.get_platform_display()
    told = part.tell(f"{there} has it as {remote.remote_id} ({dispatch.reference}).")
    write_event(order, "dispatch", told, dispatch=dispatch.pk, remote_id=remote.remote_id)
    for remark in (*remarks, *remote.remarks):
        write_event(order, "dispatch", part.tell(remark), dispatch=dispatch.pk)


@transaction.atomic
def finish_create(claim: Claim) -> None:
    """The order is there as we want it; buying its label is the next promise."""
    dispatch, now = claim.dispatch, timezone.now()
    finish(claim, AttemptOutcome.DONE, **_CLEAR, state=DispatchState.DONE, done_at=now)
    label = Dispatch(
        order_id=dispatch.order_id,
        part=dispatch.part,
        kind=DispatchKind.LABEL,
        platform=dispatch.platform,
        generation=dispatch.generation,
        reference=dispatch.reference,
        remote_id=dispatch.remote_id,
        allowed=dispatch.allowed,
        created_by_id=dispatch.created_by_id,
        correlation_id=dispatch.correlation_id,
    )
    label.save()


@transaction.atomic
def note_label(claim: Claim, label: Label) -> None:
    """The label is paid for: never buy it again."""
    save_progress(claim, doubted_at=None, doubts=0)
    _write_label(shipment_of(claim.dispatch), label)


def forget_label(claim: Claim) -> None:
    """It came to nothing; another one may be bought."""
    with transaction.atomic():
        save_progress(claim, doubted_at=None, doubts=0)
        shipment = shipment_of(claim.dispatch)
        shipment.remote_shipment_id = ""
        shipment.save(update_fields=["remote_shipment_id"])


@transaction.atomic
def finish_label(claim: Claim, label: Label) -> None:
    """Label and papers are here, and the order is sent; a split one once all of it has labels."""
    dispatch, now = claim.dispatch, timezone.now()
    finish(claim, AttemptOutcome.DONE, **_CLEAR, state=DispatchState.DONE, done_at=now)
    # The order's turn first: news of the parcel may be recorded at this very moment.
    order = locked_order(dispatch)
    shipment = shipment_of(dispatch)
    _write_label(shipment, label)
    if shipment.state == ShipmentState.CREATED:
        shipment.state, shipment.labelled_at = ShipmentState.LABELLED, now
        shipment.save(update_fields=["state", "labelled_at"])
    for paper in label.documents:
        keep_document(shipment, paper)
    price = f", {shipment.cost} {shipment.currency}" if shipment.cost is not None else ""
    told = f"Label bought: {shipment.tracking_number or 'no tracking number yet'}{price}."
    details = {"dispatch": dispatch.pk, "tracking_number": shipment.tracking_number}
    if order.parcels > 1:
        settle_and_tell(order, told_of_part(order, dispatch, told), **details)
    elif order.status in (OrderStatus.SENDING, OrderStatus.PROBLEM):
        order.move_to(OrderStatus.SENT, told, details=details, problem="")
    else:
        write_event(order, "dispatch", told, **details)


@transaction.atomic
def finish_cancel(claim: Claim, told: str) -> None:
    """Nothing of this generation is alive there any more."""
    now = timezone.now()
    finish(claim, AttemptOutcome.DONE, **_CLEAR, state=DispatchState.DONE, done_at=now)
    close_cancelled(claim.dispatch, told)


def close_cancelled(dispatch: Dispatch, told: str) -> None:
    """The order goes back to be routed again, or is cancelled with it; in one transaction.

    A split order does so once nothing of it is alive; until then its stock stays reserved.
    """
    now = timezone.now()
    order = locked_order(dispatch)
    shipments = Shipment.objects.filter(
        order_id=dispatch.order_id, part=dispatch.part, generation=dispatch.generation
    ).exclude(state=ShipmentState.CANCELLED)
    shipments.update(state=ShipmentState.CANCELLED, cancelled_at=now)
    told = told_of_part(order, dispatch, told)
    if order.parcels > 1 and is_any_alive(order):
        settle_and_tell(order, told, dispatch=dispatch.pk)
        return
    write_event(order, "dispatch", told, dispatch=dispatch.pk)
    if order.status == OrderStatus.CANCELLED:
        return
    if order.status == OrderStatus.SENDING:
        order.move_to(OrderStatus.ROUTED, told)
    if dispatch.cancels_order:
        cancel_order(order, dispatch.reason)
        return
    if order.status in (OrderStatus.ROUTED, OrderStatus.SENT, OrderStatus.PROBLEM):
        order.move_to(OrderStatus.READY, dispatch.reason or told, problem="")
    release_reservations(order)


def told_of_part(order: Order, dispatch: Dispatch, sentence: str) -> str:
    """The sentence, with the part that it is about."""
    part = part_of(order, dispatch.part)
    return part.tell(sentence) if part else sentence


def settle_and_tell(order: Order, told: str, **details: Any) -> None:
    """A split order goes where its parts are; `told` is in the history in any case."""
    if not settle_parts(order, told, **details):
        write_event(order, "dispatch", told, **details)


def locked_order(dispatch: Dispatch) -> Order:
    """The order as it is now, and ours until the transaction ends."""
    order = Order.objects.select_related("warehouse", "service").get(pk=dispatch.order_id)
    take_turn(order)
    order.refresh_from_db()
    return order


def _write_label(shipment: Shipment, label: Label) -> None:
    """An answer may leave out what an earlier one said."""
    said: dict[str, Any] = {
        "remote_shipment_id": label.shipment_id,
        "carrier": label.carrier,
        "tracking_number": label.tracking_number,
        "tracking_url": label.tracking_url,
    }
    if label.state not in (LabelState.PENDING, LabelState.READY):
        return
    if label.cost is not None:
        said |= {"cost": label.cost, "currency": label.currency or shipment.currency}
    changes = {name: value for name, value in said.items() if value not in ("", None)}
    for name, value in changes.items():
        setattr(shipment, name, value)
    shipment.save(update_fields=list(changes))
