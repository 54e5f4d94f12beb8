"""Staff correct an order."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.audit import changed
from orders.errors import ChangedMeanwhile, FieldNotEditable, NotValid
from orders.models import Order
from orders.models.status import EDITABLE
from orders.services.check import settle
from orders.services.history import check_current, problems_of, write_event

EDITABLE_FIELDS = frozenset(
    {
        "recipient_name",
        "company",
        "phone",
        "email",
        "address_1",
        "address_2",
        "city",
        "state",
        "postal_code",
        "country",
        "currency",
        "shipping_method",
        "wanted_carrier",
        "wanted_service",
        "wanted_warehouse_state",
        "order_date",
        "promise_date",
        "notes",
    }
)


@transaction.atomic
def edit_order(
    order_id: int, version: int, changes: Mapping[str, Any], *, told: str = "Edited"
) -> Order:
    """Change fields of the order as the editor saw it; `changes` maps field to new value.

    The order is checked again with it. Nothing is written when nothing differs. `told` begins the
    line in the history. Raises Order.DoesNotExist, FieldNotEditable, NotValid, NotEditable,
    ChangedMeanwhile.
    """
    _check_fields(changes)
    order = Order.objects.get(pk=order_id)
    check_current(order, version)
    before, after = _apply(order, changes)
    if not after:
        return order
    current = Order.objects.filter(pk=order_id, version=version, status__in=EDITABLE)
    columns = {name: getattr(order, name) for name in after}
    if not current.update(version=F("version") + 1, updated_at=timezone.now(), **columns):
        check_current(Order.objects.get(pk=order_id), version)
        raise ChangedMeanwhile(order.number)
    write_event(order, "edit", f"{told} {', '.join(sorted(after))}.", before=before, after=after)
    settle([order_id], edited={(None, name) for name in after})
    order.refresh_from_db()
    return order


def _check_fields(changes: Mapping[str, Any]) -> None:
    for name in changes:
        if name not in EDITABLE_FIELDS:
            raise FieldNotEditable(name, EDITABLE_FIELDS)


def _apply(order: Order, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the changes on the object in memory; returns what differs, before and after."""
    before = {name: getattr(order, name) for name in changes}
    for name, value in changes.items():
        setattr(order, name, value)
    if problems := problems_of(order, changes.keys()):
        raise NotValid(order.number, problems)
    return changed(before, {name: getattr(order, name) for name in changes})
