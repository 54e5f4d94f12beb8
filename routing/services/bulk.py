"""Routing many orders from the list: the bulk actions, declared beside what they call."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.models import (
    BulkResult,
    Finding,
    FindingState,
    Order,
    OrderStatus,
    Reservation,
    ReservationState,
    Severity,
)
from orders.services.bulk.registry import (
    DONE,
    BulkAction,
    Forecast,
    Outcome,
    Parameters,
    one_by_one,
    refused,
)
from routing.errors import CannotRoute
from routing.models import RoutingDecision
from routing.services.changes import approve_reviews, reroute_order, unroute_order
from routing.services.names import Names
from routing.services.route import (
    REFUSED,
    REVIEW,
    ROUTABLE,
    Routed,
    errors_of,
    route_orders,
)
from routing.services.writing import ROUTING_CODES
from warehouses.models import StockLevel
from warehouses.services import lock_levels

CHUNK = 500
REROUTE_CHUNK = 100

_OWN_ERROR = Finding.objects.filter(
    order=OuterRef("pk"), state=FindingState.OPEN, severity=Severity.ERROR
).exclude(code__in=ROUTING_CODES)
_PREPARED = RoutingDecision.objects.filter(
    order=OuterRef("pk"), is_current=True, needs_review=True, warehouse__isnull=False
)
_RESERVED = Reservation.objects.filter(line__order=OuterRef("pk"), state=ReservationState.OPEN)


def _route(orders: Sequence[Order], _parameters: Parameters) -> Mapping[int, Outcome]:
    _lock(orders)
    return _outcomes(route_orders(order.pk for order in orders))


def _approve(orders: Sequence[Order], _parameters: Parameters) -> Mapping[int, Outcome]:
    _lock(orders)
    return _outcomes(approve_reviews(order.pk for order in orders))


def _reroute(orders: Sequence[Order], parameters: Parameters) -> Mapping[int, Outcome]:
    if len(orders) == 1:
        return _outcomes([reroute_order(orders[0], parameters["reason"])])
    _lock(orders)
    errors = errors_of([order.pk for order in orders])
    fine = [order for order in orders if order.pk not in errors]
    taken_back = [order for order in fine if order.status == OrderStatus.ROUTED]
    for order in taken_back:
        unroute_order(order, parameters["reason"])
    outcomes = route_orders(order.pk for order in fine)
    if {one.order.pk for one in outcomes if one.state == REFUSED} & {o.pk for o in taken_back}:
        # An order keeps its route unless it gets an answer: each is tried alone.
        raise CannotRoute("Some of these orders cannot be routed again.")
    return _outcomes(outcomes) | {
        order.pk: refused(f"Order {order.number} has an error: {errors[order.pk]}")
        for order in orders
        if order.pk in errors
    }


def _unroute(order: Order, parameters: Parameters) -> None:
    unroute_order(order, parameters["reason"])


def _lock(orders: Sequence[Order]) -> None:
    """Orders, then every level they might take from: two chunks never wait for each other."""
    ids = [order.pk for order in orders]
    list(Order.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    levels = StockLevel.objects.filter(product__order_lines__order__in=ids).order_by()
    lock_levels(levels.values_list("pk", flat=True).distinct())


def _outcomes(routed: Iterable[Routed]) -> dict[int, Outcome]:
    names = Names.load()
    return {one.order.pk: _outcome(one, names) for one in routed}


def _outcome(one: Routed, names: Names) -> Outcome:
    sentence = names.said(one.sentence)
    if one.state == REFUSED:
        return refused(sentence)
    return Outcome(BulkResult.REVIEW if one.state == REVIEW else DONE.result, sentence)


def _route_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    routable = orders.filter(status__in=ROUTABLE)
    return [
        ("not ready (new, routed already, sent, cancelled …)", _other_than(orders, ROUTABLE)),
        ("with an error to be corrected first", routable.filter(Exists(_OWN_ERROR)).count()),
    ]


def _reroute_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    able = ROUTABLE | {OrderStatus.ROUTED}
    return [
        ("neither ready nor routed", _other_than(orders, able)),
        (
            "with an error to be corrected first",
            orders.filter(Exists(_OWN_ERROR), status__in=able).count(),
        ),
    ]


def _unroute_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    kept = Q(status__in=ROUTABLE) & Exists(_RESERVED)
    return [("not routed", orders.exclude(Q(status=OrderStatus.ROUTED) | kept).count())]


def _approve_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    return [
        ("without a prepared choice", orders.filter(~Exists(_PREPARED)).count()),
        (
            "with an error to be corrected first",
            orders.filter(Exists(_PREPARED), Exists(_OWN_ERROR)).count(),
        ),
    ]


def _other_than(orders: QuerySet[Order], statuses: Iterable[str]) -> int:
    return orders.exclude(status__in=list(statuses)).count()


ROUTE = BulkAction(
    name="route",
    label="Route…",
    permission="orders.route_order",
    question="Each order gets its warehouse and service, or goes to review with the reason.",
    forecast=_route_forecast,
    act_many=_route,
    chunk=CHUNK,
    done_word="Routed",
    may_wait=True,
)
APPROVE = BulkAction(
    name="approve_reviews",
    label="Approve…",
    permission="orders.approve_review",
    question="Each order is routed the way that was prepared for it. Where another way is best by "
    "now, nothing is done.",
    forecast=_approve_forecast,
    act_many=_approve,
    chunk=CHUNK,
    done_word="Routed",
)
REROUTE = BulkAction(
    name="reroute",
    label="Re-route…",
    permission="orders.route_order",
    form="core.staff.forms.ReasonForm",
    question="Each order is decided again with today's stock and rules. Pins stay.",
    forecast=_reroute_forecast,
    act_many=_reroute,
    chunk=REROUTE_CHUNK,
    done_word="Routed",
    may_wait=True,
)
UNROUTE = BulkAction(
    name="unroute",
    label="Unroute…",
    permission="orders.route_order",
    form="core.staff.forms.ReasonForm",
    question="The orders go back to ready and their stock is free again. Pins stay.",
    forecast=_unroute_forecast,
    act_many=one_by_one(_unroute),
    done_word="Unrouted",
    # Stock rows are locked until the transaction ends, so none may wait for other orders.
    chunk=1,
)
