"""Actions on many orders, in the background: start, watch, cancel, try again."""

from orders.services.bulk.registry import (
    DONE,
    BulkAction,
    Outcome,
    action_named,
    bulk_actions,
    one_by_one,
    refused,
)
from orders.services.bulk.selection import (
    FilteredOrders,
    TickedOrders,
    highest_order_id,
    orders_of,
)
from orders.services.bulk.starting import cancel_bulk_run, retry_failures, start_bulk_run

__all__ = [
    "DONE",
    "BulkAction",
    "FilteredOrders",
    "Outcome",
    "TickedOrders",
    "action_named",
    "bulk_actions",
    "cancel_bulk_run",
    "highest_order_id",
    "one_by_one",
    "orders_of",
    "refused",
    "retry_failures",
    "start_bulk_run",
]
