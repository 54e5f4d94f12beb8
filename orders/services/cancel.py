"""The customer or the merchant wants it no more."""

from django.db import transaction

from orders.errors import AlreadyShipped, AtPlatform
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from orders.services.check import pair_twins
from orders.services.reserve import release_reservations

LEFT_THE_BUILDING = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})


@transaction.atomic
def cancel_order(order: Order, reason: str) -> None:
    """Cancel an order that has not shipped, free what was reserved for it, and ask no more whether
    it is a duplicate.

    Raises IllegalStep, ChangedMeanwhile, AtPlatform while a platform may hold it, and
    AlreadyShipped for a problem after shipping.
    """
    if order.status in LEFT_THE_BUILDING:
        raise AlreadyShipped(order.number)
    _check_is_nowhere(order)
    order.move_to(OrderStatus.CANCELLED, reason[:1000])
    # Asked with the order's row locked: a problem order may have shipped before it became one.
    if order.events.filter(to_status__in=LEFT_THE_BUILDING).exists():
        raise AlreadyShipped(order.number)
    release_reservations(order)
    pair_twins([order.pk])


def _check_is_nowhere(order: Order) -> None:
    """One that only waits to be sent may go: whoever would send it finds it cancelled."""
    live = Shipment.objects.filter(order=order).exclude(state=ShipmentState.CANCELLED).first()
    if live is not None:
        raise AtPlatform(order.number, f"is at {live.get_platform_display()} as {live}")
