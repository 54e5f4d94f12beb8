"""What was asked for and how far it got."""

from orders.models.addresses import AddressOverride
from orders.models.bulk import BulkResult, BulkRun, BulkRunRow, BulkSelection, BulkState
from orders.models.duplicates import DuplicatePair, PairState
from orders.models.findings import Finding, FindingState, Severity
from orders.models.holds import Hold, HoldType
from orders.models.imports import (
    ColumnMapping,
    ImportMode,
    ImportPart,
    ImportRow,
    ImportSession,
    ImportState,
    RowState,
)
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
    "AddressOverride",
    "AddressVerdict",
    "BulkResult",
    "BulkRun",
    "BulkRunRow",
    "BulkSelection",
    "BulkState",
    "ColumnMapping",
    "DuplicatePair",
    "Finding",
    "FindingState",
    "Hold",
    "HoldType",
    "ImportMode",
    "ImportPart",
    "ImportRow",
    "ImportSession",
    "ImportState",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderStatus",
    "PairState",
    "Reservation",
    "ReservationState",
    "RowState",
    "Severity",
    "Tag",
]
