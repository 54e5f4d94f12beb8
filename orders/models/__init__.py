"""What was asked for and how far it got."""

from orders.models.findings import Finding, FindingState, Severity
from orders.models.holds import Hold, HoldType
from orders.models.order import (
    AddressVerdict,
    Order,
    OrderEvent,
    OrderLine,
    Tag,
)
from orders.models.reservations import Reservation, ReservationState
from orders.models.status import NEXT_STATUSES, OrderStatus

__all__ = [
    "NEXT_STATUSES",
    "AddressVerdict",
    "Finding",
    "FindingState",
    "Hold",
    "HoldType",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderStatus",
    "Reservation",
    "ReservationState",
    "Severity",
    "Tag",
]
