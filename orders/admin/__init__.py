"""Orders as staff see them."""

from orders.admin.intake.sessions import ColumnMappingAdmin, ImportSessionAdmin
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
    "ColumnMappingAdmin",
    "FindingAdmin",
    "HoldAdmin",
    "ImportSessionAdmin",
    "OrderAdmin",
    "OrderEventAdmin",
    "OrderLineAdmin",
    "ReservationAdmin",
    "TagAdmin",
]
