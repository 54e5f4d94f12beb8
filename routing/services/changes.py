"""A person approves, overrides or takes back what routing decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders.errors import ChangedMeanwhile
from orders.models import Order, OrderStatus, Reservation, ReservationState
from orders.services import release_reservations
from orders.services.history import take_turn, write_event
from orders.services.splits import forget_parts
from routing.errors import CannotRoute, NotACandidate, NothingPinned
from routing.models import DecisionKind, OverrideReason, RoutingDecision
from routing.result import Candidate, Decision
from routing.sentences import gate_sentence
from routing.services.batch import Batch, Decided
from routing.services.orders import Loaded, load_orders
from routing.services.route import (
    REFUSED,
    ROUTABLE,
    Routed,
    contested,
    routable_of,
    route_order,
    write,
)
from routing.services.rules import ruleset_in_force
from routing.services.weigh import recommend
from routing.services.writing import close_findings
from warehouses.models import CarrierService, Warehouse


def approve_reviews(ids: Iterable[int], *, now: datetime | None = None) -> list[Routed]:
    """Take the prepared choice of each order although routing doubted it.

    Decided anew with today's stock; where the choice would be another than the one that was
    prepared, nothing is written: nobody has looked at that one. Raises NoRulesetInForce.
    """
    orders, outcomes = routable_of(load_orders(list(ids)))
    if not orders:
        return outcomes
    batch = Batch.of(orders, ruleset_in_force(), now or timezone.now())
    decided = [
        batch.decide(one, approval="Approved.", kind=DecisionKind.APPROVED) for one in orders
    ]
    refused = dict(_not_as_prepared(decided))
    for one in decided:
        if one.loaded.order.pk in refused:
            batch.put_back(one)
            outcomes.append(Routed(one.loaded.order, REFUSED, refused[one.loaded.order.pk]))
    written, lost = write(batch, [one for one in decided if one.loaded.order.pk not in refused])
    return outcomes + written + [_lost(one) for one in lost]


def approve_review(order: Order, *, now: datetime | None = None) -> Routed:
    """The same for one order. Raises CannotRoute, NoRulesetInForce."""
    return _only(approve_reviews([order.pk], now=now))


@transaction.atomic
def override_route(
    order: Order,
    *,
    warehouse: Warehouse,
    service: CarrierService,
    reason: OverrideReason,
    text: str,
    now: datetime | None = None,
) -> Routed:
    """Pin warehouse and service, and route the order that way; the pin survives re-routing.

    A routed order is taken back first. Raises CannotRoute, ChangedMeanwhile, NoRulesetInForce, and
    NotACandidate with the failed gates.
    """
    why = f"{OverrideReason(reason).label}. {text}".strip()
    if order.status == OrderStatus.ROUTED:
        unroute_order(order, f"To be overridden: {why}")
    recommended = recommend(order, now=now).chosen
    _pin(order, warehouse, service, why)
    (loaded,) = _routable(order)
    batch = Batch.of([loaded], ruleset_in_force(), now or timezone.now())
    decided = batch.decide(loaded, approval=f"Chosen by a person: {why}")
    chosen = decided.decision.chosen
    if chosen is None:
        raise NotACandidate(order.number, _why_not(decided.decision, warehouse, service))
    columns = {
        "kind": DecisionKind.OVERRIDE,
        "override_reason": reason,
        "override_text": text[:300],
        "extra_cents": _extra_cents(chosen, recommended),
    }
    written, lost = write(batch, [replace(decided, columns=columns)])
    return _only([*written, *map(_lost, lost)])


NO_ROUTE: dict[str, Any] = {
    "warehouse": None,
    "service": None,
    "platform": "",
    "estimated_cost": None,
    "estimated_currency": "",
    "cost_margin_percent": None,
}
"""What an order without a route has in the columns of its route."""


@transaction.atomic
def unroute_order(order: Order, reason: str) -> None:
    """Take a routed order back to ready: its stock is free again, its pins stay.

    Raises CannotRoute when there is nothing to take back.
    """
    take_turn(order)
    order.refresh_from_db()
    if order.status == OrderStatus.ROUTED:
        if order.parcels > 1:
            forget_parts([order.pk])
        order.move_to(OrderStatus.READY, reason[:1000], **NO_ROUTE)
    elif order.status not in ROUTABLE or not _has_reservations(order):
        label = OrderStatus(order.status).label
        raise CannotRoute(f"Order {order.number} is “{label}”; only a routed order is unrouted.")
    release_reservations(order)
    RoutingDecision.objects.filter(order=order, is_current=True).update(is_current=False)


@transaction.atomic
def remove_pins(order: Order, reason: str) -> None:
    """Let routing choose again. Raises NothingPinned, ChangedMeanwhile."""
    if order.pinned_warehouse is None and order.pinned_service is None:
        raise NothingPinned(order.number)
    _set_pins(order, None, None, "")
    write_event(order, "pin", f"Pins removed: {reason}")


def reroute_order(order: Order, reason: str, *, now: datetime | None = None) -> Routed:
    """Decide again with today's network; pins stay. Raises CannotRoute, NoRulesetInForce."""
    with transaction.atomic():
        if order.status == OrderStatus.ROUTED:
            unroute_order(order, reason)
        return route_order(order.pk, now=now)


def _not_as_prepared(decided: Sequence[Decided]) -> Iterable[tuple[int, str]]:
    """Orders whose choice nobody has seen, and why each cannot be approved."""
    ids = [one.loaded.order.pk for one in decided]
    rows = RoutingDecision.objects.filter(order__in=ids, is_current=True)
    prepared = {row.order_id: row for row in rows.select_related("warehouse", "service")}
    for one in decided:
        order, chosen = one.loaded.order, one.decision.chosen
        row = prepared.get(order.pk)
        if row is None or row.warehouse is None or row.service is None:
            yield order.pk, f"Order {order.number} has no prepared choice. Route it first."
        elif chosen is None:
            why = one.decision.problems[0]
            yield order.pk, f"Order {order.number}: {why.sentence} {why.next_step}"
        elif _key(chosen) != (row.warehouse.code, row.service.code, row.parcels):
            yield order.pk, _other_choice(order, row, chosen)


def _other_choice(order: Order, prepared: RoutingDecision, chosen: Candidate) -> str:
    return (
        f"For order {order.number}, {prepared.warehouse} with {prepared.service} was prepared; by "
        f"now {chosen.warehouse} with {chosen.service} is best. Route it again and look at that."
    )


def _key(chosen: Candidate) -> tuple[str, str, int]:
    first = chosen.parcels[0]
    return first.warehouse, first.service, len(chosen.parcels)


def _lost(one: Decided) -> Routed:
    return Routed(one.loaded.order, REFUSED, contested(one.loaded.order))


def _only(outcomes: Sequence[Routed]) -> Routed:
    """The one outcome there is. Raises CannotRoute, Order.DoesNotExist."""
    if not outcomes:
        raise Order.DoesNotExist
    if outcomes[0].state == REFUSED:
        raise CannotRoute(outcomes[0].sentence)
    return outcomes[0]


def _routable(order: Order) -> list[Loaded]:
    routable, refused = routable_of(load_orders([order.pk]))
    if refused:
        raise CannotRoute(refused[0].sentence)
    return routable


def _has_reservations(order: Order) -> bool:
    held = Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
    return held.exists()


def _pin(order: Order, warehouse: Warehouse, service: CarrierService, text: str) -> None:
    _set_pins(order, warehouse, service, text)
    close_findings([order.pk])
    write_event(order, "pin", f"Pinned to {warehouse} with {service}: {text}")


def _set_pins(
    order: Order, warehouse: Warehouse | None, service: CarrierService | None, text: str
) -> None:
    unchanged = Order.objects.filter(pk=order.pk, version=order.version)
    if not unchanged.update(
        pinned_warehouse=warehouse,
        pinned_service=service,
        pinned_reason=text[:300],
        version=F("version") + 1,
        updated_at=timezone.now(),
    ):
        raise ChangedMeanwhile(order.number)
    order.refresh_from_db()


def _why_not(decision: Decision, warehouse: Warehouse, service: CarrierService) -> Sequence[str]:
    for candidate in decision.candidates:
        is_this = (candidate.warehouse, candidate.service) == (warehouse.code, service.code)
        if is_this and candidate.failed_gates:
            return [gate_sentence(candidate, gate) for gate in candidate.failed_gates]
    return [problem.sentence for problem in decision.problems]


def _extra_cents(chosen: Candidate, recommended: Candidate | None) -> int | None:
    if recommended is None or chosen.currency != recommended.currency:
        return None
    if chosen.cents is None or recommended.cents is None:
        return None
    return chosen.cents - recommended.cents
