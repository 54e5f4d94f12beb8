"""Words are put on orders, and taken off."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from orders.models import Order, OrderEvent, Tag
from orders.models.order import event_context


@transaction.atomic
def tag_orders(orders: Collection[Order], tag: Tag) -> set[int]:
    """Put the tag on the orders; returns the ids of those that did not have it yet."""
    ids = _take_turns(orders)
    links = Order.tags.through.objects
    missing = ids - set(links.filter(tag=tag, order__in=ids).values_list("order_id", flat=True))
    links.bulk_create(Order.tags.through(order_id=pk, tag=tag) for pk in sorted(missing))
    _tell(missing, f"Tagged {tag}.", tag)
    return missing


@transaction.atomic
def untag_orders(orders: Collection[Order], tag: Tag) -> set[int]:
    """Take the tag off the orders; returns the ids of those that had it."""
    links = Order.tags.through.objects.filter(tag=tag, order__in=_take_turns(orders))
    tagged = set(links.values_list("order_id", flat=True))
    links.delete()
    _tell(tagged, f"Tag {tag} removed.", tag)
    return tagged


def _take_turns(orders: Iterable[Order]) -> set[int]:
    """Lock the orders, lowest id first as everybody does; returns those that still exist."""
    wanted = Order.objects.filter(pk__in=[order.pk for order in orders]).order_by("pk")
    return set(wanted.select_for_update().values_list("pk", flat=True))


def _tell(ids: Collection[int], message: str, tag: Tag) -> None:
    Order.objects.filter(pk__in=ids).update(updated_at=timezone.now())
    OrderEvent.objects.bulk_create(
        OrderEvent(
            order_id=pk, kind="tags", message=message, details={"tag": tag.name}, **event_context()
        )
        for pk in sorted(ids)
    )
