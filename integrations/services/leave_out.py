"""An order goes on without the parts that were cancelled."""

from django.db import transaction
from django.utils import timezone

from integrations.dispatching.joint import standings_of
from integrations.dispatching.records import settle_and_tell
from integrations.errors import NeedsAReason, NothingToLeaveOut
from orders.models import Order
from orders.services import release_reservations
from orders.services.history import take_turn


@transaction.atomic
def leave_parts_out(order: Order, reason: str) -> None:
    """Send no more what was cancelled of a split order while the rest goes on; its stock is free.

    Raises NeedsAReason, NothingToLeaveOut.
    """
    reason = reason.strip()
    if not reason:
        raise NeedsAReason("Leaving out")
    take_turn(order)
    order.refresh_from_db()
    standings = standings_of(order) if order.parcels > 1 else []
    gone = [standing.part for standing in standings if not standing.is_alive]
    if not gone or len(gone) == len(standings):
        raise NothingToLeaveOut(order.number)
    order.parts.filter(n__in=[part.n for part in gone]).update(left_out_at=timezone.now())
    for part in gone:
        release_reservations(order, warehouse=part.warehouse)
    named = ", ".join(str(part) for part in gone)
    settle_and_tell(order, f"{named} left out: {reason}", left_out=[part.n for part in gone])
