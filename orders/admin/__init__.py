"""Orders as staff see them."""

from orders.admin.addresses import AddressOverrideAdmin
from orders.admin.bulk_run import BulkRunAdmin
from orders.admin.duplicates import DuplicatePairAdmin
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
    "AddressOverrideAdmin",
    "BulkRunAdmin",
    "ColumnMappingAdmin",
    "DuplicatePairAdmin",
    "FindingAdmin",
    "HoldAdmin",
    "ImportSessionAdmin",
    "OrderAdmin",
    "OrderEventAdmin",
    "OrderLineAdmin",
    "ReservationAdmin",
    "TagAdmin",
]
