"""Everything that changes an order: one function a use case, one transaction each."""

from orders.services.adopt import adopt_address
from orders.services.cancel import cancel_order
from orders.services.check import check_orders
from orders.services.corrections import accept_proposal, override_finding, vouch_for_address
from orders.services.duplicates import cancel_one, find_duplicates, keep_both, merge
from orders.services.edit import edit_order
from orders.services.hold import place_hold, release_hold
from orders.services.lines import add_line, edit_line, remove_line
from orders.services.note import add_note
from orders.services.record import NewLine, NewOrder, record_order
from orders.services.reserve import (
    consume_reservations,
    release_reservations,
    reserve_lines,
    reserve_route,
)
from orders.services.tags import tag_orders, untag_orders

__all__ = [
    "NewLine",
    "NewOrder",
    "accept_proposal",
    "add_line",
    "add_note",
    "adopt_address",
    "cancel_one",
    "cancel_order",
    "check_orders",
    "consume_reservations",
    "edit_line",
    "edit_order",
    "find_duplicates",
    "keep_both",
    "merge",
    "override_finding",
    "place_hold",
    "record_order",
    "release_hold",
    "release_reservations",
    "remove_line",
    "reserve_lines",
    "reserve_route",
    "tag_orders",
    "untag_orders",
    "vouch_for_address",
]
