"""Staff correct an order."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.audit import changed
from orders.errors import ChangedMeanwhile, FieldNotEditable, NotEditable, NotValid
from orders.models import AddressVerdict, Order
from orders.models.status import EDITABLE
from orders.services.history import problems_of, write_event

ADDRESS_FIELDS = frozenset(
    {"company", "address_1", "address_2", "city", "state", "postal_code", "country"}
)
EDITABLE_FIELDS = ADDRESS_FIELDS | {
    "recipient_name",
    "phone",
    "email",
    "currency",
    "shipping_method",
    "wanted_carrier",
    "wanted_service",
    "wanted_warehouse_state",
    "order_date",
    "promise_date",
    "notes",
}


@transaction.atomic
def edit_order(order_id: int, version: int, changes: Mapping[str, Any]) -> Order:
    """Change fields of the order as the editor saw it; `changes` maps field to new value.

    A changed address is unchecked again. Nothing is written when nothing differs. Raises
    Order.DoesNotExist, FieldNotEditable, NotValid, NotEditable, ChangedMeanwhile.
    """
    _check_fields(changes)
    order = Order.objects.get(pk=order_id)
    _check_current(order, version)
    before, after = _apply(order, changes)
    if not after:
        return order
    current = Order.objects.filter(pk=order_id, version=version, status__in=EDITABLE)
    columns = {name: getattr(order, name) for name in after}
    if not current.update(version=F("version") + 1, updated_at=timezone.now(), **columns):
        _check_current(Order.objects.get(pk=order_id), version)
        raise ChangedMeanwhile(order.number)
    write_event(order, "edit", f"Edited {', '.join(sorted(after))}.", before=before, after=after)
    order.refresh_from_db()
    return order


def _check_fields(changes: Mapping[str, Any]) -> None:
    for name in changes:
        if name not in EDITABLE_FIELDS:
            raise FieldNotEditable(name, EDITABLE_FIELDS)


def _check_current(order: Order, version: int) -> None:
    if order.status not in EDITABLE:
        raise NotEditable(order.number, order.get_status_display())
    if order.version != version:
        raise ChangedMeanwhile(order.number)


def _apply(order: Order, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the changes on the object in memory; returns what differs, before and after."""
    names = [*changes, "address_verdict"]
    before = {name: getattr(order, name) for name in names}
    for name, value in changes.items():
        setattr(order, name, value)
    if problems := problems_of(order, changes.keys()):
        raise NotValid(order.number, problems)
    if any(getattr(order, name) != before[name] for name in changes.keys() & ADDRESS_FIELDS):
        order.address_verdict = AddressVerdict.UNCHECKED
    return changed(before, {name: getattr(order, name) for name in names})
