"""A reason not to ship appears, and goes away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.actor import current_actor
from orders.errors import HoldAlreadyClosed, NotValid, TooLateToHold
from orders.models import Hold, HoldType, Order, OrderStatus
from orders.services.history import problems_of, take_turn, write_event

GONE = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.CANCELLED})


@transaction.atomic
def place_hold(
    order: Order, *, hold_type: HoldType, reason: str, until: datetime | None = None
) -> Hold:
    """Keep the order from shipping until released, or until that moment.

    Raises NotValid for an unknown type, no reason or an end that has passed; TooLateToHold.
    """
    hold = Hold(
        order=order,
        type=hold_type,
        reason=reason.strip(),
        until=until,
        placed_by_id=current_actor.get().user_id,
    )
    _check(hold)
    if not take_turn(order, unless=GONE):
        order.refresh_from_db()
        raise TooLateToHold(order.number, order.get_status_display())
    hold.save()
    write_event(
        order, "hold", f"Held: {hold}.", hold=hold.pk, until=until.isoformat() if until else None
    )
    return hold


@transaction.atomic
def release_hold(hold: Hold) -> None:
    """End the hold. Raises HoldAlreadyClosed when somebody did so before."""
    take_turn(hold.order)
    still_open = Hold.objects.filter(pk=hold.pk, released_at__isnull=True)
    if not still_open.update(
        released_at=timezone.now(), released_by_id=current_actor.get().user_id
    ):
        raise HoldAlreadyClosed(hold.order.number, hold.reason)
    write_event(hold.order, "hold_released", f"Hold released: {hold}.", hold=hold.pk)
    hold.refresh_from_db()


def _check(hold: Hold) -> None:
    problems = problems_of(hold, {"type", "reason", "until"})
    if hold.until is not None and "until" not in problems and hold.until <= timezone.now():
        problems["until"] = ["The hold would end in the past. Choose a later time."]
    if problems:
        raise NotValid(hold.order.number, problems)
