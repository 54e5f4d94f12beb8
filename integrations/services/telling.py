"""What staff and programs are told after a click: read from the rows, however many there are."""

from collections.abc import Iterable

from integrations.models import Dispatch, DispatchKind
from orders.models import Order


def told_of_sending(order: Order) -> str:
    """What is promised to which platform now."""
    promised = order.dispatches.live().order_by("id")
    return f"To be sent {_joined(f'to {_place(each)}' for each in promised)}."


def told_of_cancelling(order: Order) -> str:
    """What is still to be called back, or that nothing is left there."""
    cancels = order.dispatches.live().filter(kind=DispatchKind.CANCEL).order_by("id")
    if cancels:
        return f"To be cancelled {_joined(f'at {_place(each)}' for each in cancels)}."
    order.refresh_from_db()
    return f"No platform holds it any more; the order is “{order.get_status_display()}”."


def _place(dispatch: Dispatch) -> str:
    return f"{dispatch.get_platform_display()} as {dispatch.reference}"


def _joined(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
