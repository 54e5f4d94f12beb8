"""Orders as staff see them."""

from orders.admin.bulk_run import BulkRunAdmin
from orders.admin.order import OrderAdmin
from orders.admin.rows import (
    FindingAdmin,
    HoldAdmin,
    OrderEventAdmin,
    OrderLineAdmin,
    ReservationAdmin,
    TagAdmin,
)

__all__ = [
    "BulkRunAdmin",
    "FindingAdmin",
    "HoldAdmin",
    "OrderAdmin",
    "OrderEventAdmin",
    "OrderLineAdmin",
    "ReservationAdmin",
    "TagAdmin",
]
