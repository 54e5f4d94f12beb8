"""An address that was corrected elsewhere becomes the order's, however far the order is."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.audit import changed
from orders.errors import FieldNotEditable, NotValid
from orders.models import Order
from orders.services.history import problems_of, take_turn, write_event

_PLACE = frozenset(
    {"recipient_name", "address_1", "address_2", "city", "state", "postal_code", "country"}
)


@transaction.atomic
def adopt_address(order: Order, changes: Mapping[str, str], told: str) -> Order:
    """Write down where the parcel really goes; its label says so already, so no check runs again.

    `changes` maps columns of the recipient to their new values, `told` is the line in the history.
    Raises FieldNotEditable, NotValid.
    """
    for name in changes:
        if name not in _PLACE:
            raise FieldNotEditable(name, _PLACE)
    take_turn(order)
    order.refresh_from_db()
    before = {name: getattr(order, name) for name in changes}
    for name, value in changes.items():
        setattr(order, name, value)
    if problems := problems_of(order, changes.keys()):
        raise NotValid(order.number, problems)
    old, new = changed(before, changes)
    Order.objects.filter(pk=order.pk).update(
        version=F("version") + 1, updated_at=timezone.now(), **changes
    )
    write_event(order, "edit", told, before=old, after=new)
    order.refresh_from_db()
    return order
