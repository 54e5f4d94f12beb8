"""What a person decides about drift: their value, our value, or not now.

Each kind has one act for each answer; where an answer makes no sense, the refusal says what does.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actor import current_actor
from core.audit import record_audit
from core.tasks import enqueue
from integrations.dispatching.references import order_id_of, reference_of
from integrations.drift.ours import has_left
from integrations.drift.record import settle_row
from integrations.drift.settling import push_finding
from integrations.errors import (
    CannotAdopt,
    CannotPush,
    InHand,
    NeedsAReason,
    NotInFuture,
    NotOpen,
)
from integrations.models import DriftFinding, DriftKind, DriftState, Settled
from integrations.services.gone import close_gone
from integrations.services.send import next_generation, resend_order, send_order
from orders.models import Order, Shipment, ShipmentState
from orders.parts import parts_of
from orders.services import adopt_address
from orders.services.history import take_turn, write_event

K = DriftKind
_CANCEL_FIRST = "Cancel it at the platform on the order's page, then resend it."
_MOVES_GOODS = frozenset({"veeqo"})
"""Platforms whose adapter can put an order to another warehouse."""


@transaction.atomic
def adopt_drift(finding: DriftFinding, reason: str) -> None:
    """Take the platform's value for ours.

    Raises NeedsAReason, NotOpen, InHand, CannotAdopt, and what the act itself raises.
    """
    reason = _begin(finding, reason, "Adopting")
    acts: dict[str, Callable[[DriftFinding, str], None]] = {
        K.ONLY_THERE: _take_over,
        K.MISSING_THERE: _give_up,
        K.CANCELLED_THERE: _give_up,
        K.ADDRESS: _adopt_address,
        K.PRICE: _adopt_price,
    }
    act = acts.get(finding.kind)
    if act is None:
        raise CannotAdopt(_WHY_NOT_ADOPT[finding.kind])
    act(finding, reason)
    _settle(finding, Settled.ADOPTED, reason)
    _tell(finding, "drift_adopt", f"adopted “{finding.theirs}”: {reason}")


@transaction.atomic
def push_drift(finding: DriftFinding, reason: str) -> None:
    """Make the platform hold our value again, now or by a job.

    Raises NeedsAReason, NotOpen, InHand, CannotPush, and what resending raises.
    """
    reason = _begin(finding, reason, "Pushing")
    if finding.kind in (K.MISSING_THERE, K.CANCELLED_THERE):
        _send_again(finding, reason)
        _settle(finding, Settled.PUSHED, reason)
        _tell(finding, "drift_push", f"sent again: {reason}")
        return
    _check_pushable(finding)
    _claim(finding, state=DriftState.SETTLING, reason=reason)
    _tell(finding, "drift_push", f"to be pushed again: {reason}")
    enqueue(push_finding, finding.pk, queue=finding.platform)


@transaction.atomic
def ignore_drift(finding: DriftFinding, until: datetime, reason: str) -> None:
    """Leave the finding out of sight until then; another value there brings it back earlier.

    Raises NeedsAReason, NotInFuture, NotOpen.
    """
    if not reason.strip():
        raise NeedsAReason("Ignoring")
    if until <= timezone.now():
        raise NotInFuture
    _claim(finding, ignored_until=until, reason=reason.strip())
    _tell(finding, "drift_ignore", f"ignored until {until:%Y-%m-%d}: {reason.strip()}")


@transaction.atomic
def heed_drift(finding: DriftFinding) -> None:
    """Show an ignored finding again at once. Raises NotOpen."""
    _claim(finding, ignored_until=None)
    _tell(finding, "drift_heed", "no longer ignored")


def _begin(finding: DriftFinding, reason: str, what: str) -> str:
    """The order's turn, and the finding as it is now."""
    if not reason.strip():
        raise NeedsAReason(what)
    if finding.order_id is not None:
        order = Order.objects.get(pk=finding.order_id)
        take_turn(order)
        order.refresh_from_db()
        finding.order = order
        _check_quiet(finding, order)
    finding.refresh_from_db(fields=["state", "ours", "theirs", "details", "kind", "field"])
    if finding.state != DriftState.OPEN:
        raise NotOpen(str(finding), finding.get_state_display())
    if finding.shipment_id is not None:
        finding.shipment = Shipment.objects.select_related("order").get(pk=finding.shipment_id)
    return reason.strip()[:300]


def _check_quiet(finding: DriftFinding, order: Order) -> None:
    busy = order.dispatches.filter(state__in=["sending", "unknown"]).first()
    if busy is not None:
        raise InHand(order.number, f"“{busy}” is “{busy.get_state_display()}”.")


def _claim(finding: DriftFinding, **changes: Any) -> None:
    """One UPDATE, so that of two people one is told. Raises NotOpen."""
    actor = current_actor.get()
    open_still = DriftFinding.objects.filter(pk=finding.pk, state=DriftState.OPEN)
    changes |= {"acted_at": timezone.now(), "acted_by_id": actor.user_id, "error": ""}
    if not open_still.update(**changes):
        finding.refresh_from_db()
        raise NotOpen(str(finding), finding.get_state_display())
    finding.refresh_from_db()


def _settle(finding: DriftFinding, how: Settled, reason: str) -> None:
    now = timezone.now()
    settled = settle_row(
        finding,
        how,
        settled_at=now,
        order=finding.order,
        acted_at=now,
        acted_by_id=current_actor.get().user_id,
        reason=reason,
        error="",
    )
    if not settled:
        raise NotOpen(str(finding), "Settled")
    finding.refresh_from_db()


def _tell(finding: DriftFinding, action: str, words: str) -> None:
    if finding.order is not None:
        write_event(finding.order, "drift", f"Drift, {finding}: {words}", finding=finding.pk)
    else:
        record_audit(action, finding, reason=words)


# --- Adopt ----------------------------------------------------------------------------------------

_WHY_NOT_ADOPT: dict[str, str] = {
    K.DUPLICATE: "Two live orders there cannot both be ours. Push again cancels the extra one.",
    K.REFERENCE: "We find an order by its reference, so ours stays. Set it back there by hand.",
    K.LINES: "The lines are what the customer ordered, and stock is reserved for them. "
    f"{_CANCEL_FIRST}",
    K.WAREHOUSE: "Our stock is reserved at our warehouse. Push again, or cancel it at the platform "
    "and route the order anew.",
}


def _give_up(finding: DriftFinding, reason: str) -> None:
    shipment = _of(finding)
    if finding.field == "label":
        raise CannotAdopt(f"The order is alive there, only its label is not. {_CANCEL_FIRST}")
    if refusal := _why_not_given_up(shipment):
        raise CannotAdopt(refusal)
    close_gone(shipment, reason, _what_happened(finding, reason))
    if finding.order is not None:
        finding.order.refresh_from_db()


def _adopt_address(finding: DriftFinding, reason: str) -> None:
    shipment, told = _of(finding), f"Adopted from {finding.get_platform_display()}: {reason}"
    adopt_address(shipment.order, finding.details, told)


def _adopt_price(finding: DriftFinding, _reason: str) -> None:
    if finding.field not in ("label_cost", "label_currency"):
        raise CannotAdopt(
            "What the customer pays is ours to say. Correct it there by hand, or ignore it."
        )
    cost, currency = Decimal(finding.details["cost"]), finding.details["currency"]
    Shipment.objects.filter(pk=_of(finding).pk).update(cost=cost, currency=currency)


def _take_over(finding: DriftFinding, _reason: str) -> None:
    """An order that we have without knowing that it was sent, as after a restored backup.

    Its next dispatch would have the very reference, so sending finds it there and creates nothing.
    """
    order = Order.objects.filter(pk=order_id_of(finding.reference) or 0).first()
    if order is None:
        raise CannotAdopt("There is no order of ours for it. Enter the order, or cancel it there.")
    numbers = [part.n for part in parts_of(order)]
    coming = {reference_of(order.pk, next_generation(order, n), n) for n in numbers}
    if finding.reference not in coming:
        raise CannotAdopt(
            f"Order {order.number} is past {finding.reference}. Push again cancels it there."
        )
    send_order(order)
    finding.order = order


# --- Push -----------------------------------------------------------------------------------------


def _send_again(finding: DriftFinding, reason: str) -> None:
    shipment = _of(finding)
    if finding.field == "label":
        raise CannotPush(f"A label is bought once for an order there. {_CANCEL_FIRST}")
    if refusal := _why_not_given_up(shipment):
        raise CannotPush(refusal)
    close_gone(shipment, reason, _what_happened(finding, reason))
    order = Order.objects.get(pk=shipment.order_id)
    resend_order(order, reason)
    finding.order = order


def _check_pushable(finding: DriftFinding) -> None:
    """Raises CannotPush for what no adapter can change there."""
    match finding.kind:
        case K.DUPLICATE | K.ONLY_THERE:
            return
        case K.ADDRESS:
            _check_no_label(finding)
        case K.WAREHOUSE:
            _check_no_label(finding)
            if finding.platform not in _MOVES_GOODS:
                there = finding.get_platform_display()
                raise CannotPush(f"{there} takes no other address to ship from. {_CANCEL_FIRST}")
        case K.PRICE if finding.field.startswith("label"):
            raise CannotPush("A label costs what the platform says. Adopt it, and ask them why.")
        case K.REFERENCE:
            raise CannotPush(f"A reference cannot be changed there by us. {_CANCEL_FIRST}")
        case _:
            raise CannotPush(f"Lines and prices cannot be changed there by us. {_CANCEL_FIRST}")


def _check_no_label(finding: DriftFinding) -> None:
    if _of(finding).remote_shipment_id:
        raise CannotPush(f"Its label is bought already. {_CANCEL_FIRST}")


def _of(finding: DriftFinding) -> Shipment:
    if finding.shipment is None:
        raise CannotAdopt("It is about no shipment of ours.")
    return finding.shipment


def _why_not_given_up(shipment: Shipment) -> str:
    if shipment.state == ShipmentState.CANCELLED:
        return f"{shipment} is cancelled here by now. The next comparison settles the finding."
    if not has_left(shipment):
        return ""
    return (
        f"The parcel of {shipment} is “{shipment.get_state_display()}”, so the order cannot go "
        "back. Ask the platform what happened, and ignore the finding meanwhile."
    )


def _what_happened(finding: DriftFinding, reason: str) -> str:
    there = finding.get_platform_display()
    happened = "was cancelled at" if finding.kind == K.CANCELLED_THERE else "is unknown at"
    return f"{finding.reference} {happened} {there} ({finding.theirs}): {reason}"
