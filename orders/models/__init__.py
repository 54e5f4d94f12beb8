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
from orders.models.parts import OrderPart, PartLine
from orders.models.reservations import Reservation, ReservationState
from orders.models.shipments import (
    Document,
    DocumentKind,
    Shipment,
    ShipmentState,
    TrackingEvent,
)
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
    "Document",
    "DocumentKind",
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
    "OrderPart",
    "OrderStatus",
    "PairState",
    "PartLine",
    "Reservation",
    "ReservationState",
    "RowState",
    "Severity",
    "Shipment",
    "ShipmentState",
    "Tag",
    "TrackingEvent",
]
