"""The bulk actions on orders as such. Other apps declare theirs beside their own services."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.errors import DomainError
from orders.attention import open_holds
from orders.models import HoldType, Order, OrderEvent, OrderStatus, Tag
from orders.services.bulk.registry import (
    DONE,
    BulkAction,
    Forecast,
    Outcome,
    Parameters,
    one_by_one,
)
from orders.services.cancel import LEFT_THE_BUILDING, cancel_order
from orders.services.hold import GONE, place_hold, release_hold
from orders.services.tags import tag_orders, untag_orders


class NothingHeld(DomainError):
    code = "nothing_held"

    def __init__(self, number: str):
        super().__init__(f"Order {number} has no open hold; nothing was released.")


class UnknownTag(DomainError):
    code = "unknown_tag"

    def __init__(self, name: str):
        super().__init__(f"There is no tag “{name}” any more. Add it under Tags, or use another.")


def _hold(order: Order, parameters: Parameters) -> None:
    place_hold(
        order,
        hold_type=HoldType(parameters["type"]),
        reason=parameters["reason"],
        until=_start_of(parameters.get("until")),
    )


def _start_of(day: str | None) -> datetime | None:
    """The first moment of that ISO date in the house's time zone."""
    if not day:
        return None
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))


def _hold_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    gone = orders.filter(status__in=GONE).count()
    return [("already shipped, delivered or cancelled", gone)]


def _release(order: Order, _parameters: Parameters) -> str:
    holds = list(order.holds.filter(released_at=None).order_by("pk"))
    if not holds:
        raise NothingHeld(order.number)
    for hold in holds:
        release_hold(hold)
    return "" if len(holds) == 1 else f"{len(holds)} holds released."


def _release_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    return [("not on hold", orders.filter(~open_holds()).count())]


def _cancel(order: Order, parameters: Parameters) -> None:
    cancel_order(order, parameters["reason"])


def _cancel_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    shipped_before = OrderEvent.objects.filter(
        order=OuterRef("pk"), to_status__in=LEFT_THE_BUILDING
    )
    stuck = orders.filter(Exists(shipped_before), status=OrderStatus.PROBLEM)
    return [
        ("already shipped or delivered", orders.filter(status__in=LEFT_THE_BUILDING).count()),
        ("a problem after shipping", stuck.count()),
        ("already cancelled", orders.filter(status=OrderStatus.CANCELLED).count()),
    ]


def _tag_of(parameters: Parameters) -> Tag:
    tag = Tag.objects.filter(name=parameters["tag"]).first()
    if tag is None:
        raise UnknownTag(parameters["tag"])
    return tag


def _add_tag(orders: Sequence[Order], parameters: Parameters) -> dict[int, Outcome]:
    changed = tag_orders(orders, _tag_of(parameters))
    return _told(orders, changed, "Had the tag already.")


def _remove_tag(orders: Sequence[Order], parameters: Parameters) -> dict[int, Outcome]:
    changed = untag_orders(orders, _tag_of(parameters))
    return _told(orders, changed, "Did not have the tag.")


def _told(orders: Sequence[Order], changed: set[int], otherwise: str) -> dict[int, Outcome]:
    unchanged = Outcome(DONE.result, otherwise)
    return {order.pk: DONE if order.pk in changed else unchanged for order in orders}


HOLD = BulkAction(
    name="hold",
    label="Hold…",
    permission="orders.hold_order",
    form="orders.admin.forms.HoldForm",
    forecast=_hold_forecast,
    act_many=one_by_one(_hold),
)
RELEASE = BulkAction(
    name="release_holds",
    label="Release holds…",
    permission="orders.hold_order",
    question="Every open hold of these orders is released.",
    forecast=_release_forecast,
    act_many=one_by_one(_release),
)
CANCEL = BulkAction(
    name="cancel",
    label="Cancel orders…",
    permission="orders.cancel_order",
    form="core.staff.forms.ReasonForm",
    question="Reserved stock is released. A cancelled order stays cancelled.",
    forecast=_cancel_forecast,
    act_many=one_by_one(_cancel),
    # Stock rows are locked until the transaction ends, so none may wait for other orders.
    chunk=1,
)
ADD_TAG = BulkAction(
    name="add_tag",
    label="Add tag…",
    permission="orders.change_order",
    form="orders.admin.forms.TagForm",
    act_many=_add_tag,
    chunk=500,
)
REMOVE_TAG = BulkAction(
    name="remove_tag",
    label="Remove tag…",
    permission="orders.change_order",
    form="orders.admin.forms.TagForm",
    act_many=_remove_tag,
    chunk=500,
)
