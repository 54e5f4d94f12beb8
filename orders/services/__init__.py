"""Everything that changes an order: one function a use case, one transaction each."""

from orders.services.cancel import cancel_order
from orders.services.edit import edit_order
from orders.services.hold import place_hold, release_hold
from orders.services.note import add_note
from orders.services.record import NewLine, NewOrder, record_order
from orders.services.reserve import consume_reservations, release_reservations, reserve_lines
from orders.services.tags import tag_orders, untag_orders

__all__ = [
    "NewLine",
    "NewOrder",
    "add_note",
    "cancel_order",
    "consume_reservations",
    "edit_order",
    "place_hold",
    "record_order",
    "release_hold",
    "release_reservations",
    "reserve_lines",
    "tag_orders",
    "untag_orders",
]
