"""Staff write something down."""

from django.db import transaction

from orders.errors import NotValid
from orders.models import Order, OrderEvent
from orders.services.history import take_turn, write_event

MAX_LENGTH = 1000


@transaction.atomic
def add_note(order: Order, text: str) -> OrderEvent:
    """Put a note of 1 to 1,000 characters into the order's history. Raises NotValid."""
    text = text.strip()
    if not 1 <= len(text) <= MAX_LENGTH or "\x00" in text:
        raise NotValid(order.number, {"note": [f"Write 1 to {MAX_LENGTH:,} characters."]})
    take_turn(order)
    return write_event(order, "note", text)
