"""What every use case of an order shares: take its turn, leave a trace, check its values."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from orders.errors import ChangedMeanwhile, NotEditable
from orders.models import Order, OrderEvent, OrderStatus
from orders.models.order import event_context
from orders.models.status import EDITABLE


def take_turn(order: Order, *, unless: Collection[OrderStatus] = ()) -> bool:
    """Lock the order until the transaction ends; False when it is in one of those statuses.

    An UPDATE is the lock on both databases. Always first, so that stock rows come after it.
    """
    reachable = Order.objects.filter(pk=order.pk).exclude(status__in=unless)
    return bool(reachable.update(updated_at=timezone.now()))


def check_current(order: Order, version: int) -> None:
    """Refuse what is too far along, or what the editor saw in an older version."""
    if order.status not in EDITABLE:
        raise NotEditable(order.number, order.get_status_display())
    if order.version != version:
        raise ChangedMeanwhile(order.number)


def write_event(order: Order, kind: str, message: str, **details: Any) -> OrderEvent:
    return OrderEvent.objects.create(
        order=order, kind=kind, message=message[:1000], details=details, **event_context()
    )


def problems_of(row: Model, fields: Collection[str]) -> dict[str, list[str]]:
    """Check the named fields as the admin's forms do; values are cleaned in place."""
    problems = {name: [said] for name in fields if (said := _unstorable(row, name))}
    skipped = {field.name for field in row._meta.fields} - set(fields) | problems.keys()
    try:
        row.clean_fields(exclude=skipped)
    except ValidationError as error:
        problems |= error.message_dict
    return problems


def _unstorable(row: Model, name: str) -> str:
    """What a model field lets through, and the database or its own validators choke on."""
    field = row._meta.get_field(name)
    value = getattr(row, getattr(field, "attname", name))
    if value is None and not field.null:
        return "This field cannot be null."
    if isinstance(value, str) and "\x00" in value:
        return "Null characters are not allowed."
    if isinstance(value, Decimal) and not value.is_finite():
        return "Enter a number."
    return ""
