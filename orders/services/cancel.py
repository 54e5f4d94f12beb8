"""The customer or the merchant wants it no more."""

from django.db import transaction

from orders.errors import AlreadyShipped
from orders.models import Order, OrderStatus
from orders.services.reserve import release_reservations

LEFT_THE_BUILDING = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})


@transaction.atomic
def cancel_order(order: Order, reason: str) -> None:
    """Cancel an order that has not shipped, and free what was reserved for it.

    Raises IllegalStep, ChangedMeanwhile, and AlreadyShipped for a problem after shipping.
    """
    if order.status in LEFT_THE_BUILDING:
        raise AlreadyShipped(order.number)
    order.move_to(OrderStatus.CANCELLED, reason[:1000])
    # Asked with the order's row locked: a problem order may have shipped before it became one.
    if order.events.filter(to_status__in=LEFT_THE_BUILDING).exists():
        raise AlreadyShipped(order.number)
    release_reservations(order)
