"""A person approves, overrides or takes back what routing decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders.errors import ChangedMeanwhile
from orders.models import Order, OrderStatus
from orders.services import release_reservations
from orders.services.history import take_turn, write_event
from routing.errors import CannotRoute, NotACandidate, NothingToApprove
from routing.models import DecisionKind, OverrideReason, RoutingDecision
from routing.result import Candidate, Decision
from routing.sentences import gate_sentence
from routing.services.batch import Batch, Decided
from routing.services.orders import Loaded, load_orders
from routing.services.route import ROUTABLE, Routed, outcome_of, refusals, route_order
from routing.services.rules import ruleset_in_force
from routing.services.writing import close_findings, write_decided
from warehouses.errors import OutOfStock
from warehouses.models import CarrierService, Warehouse
from warehouses.services import lock_levels


@transaction.atomic
def approve_review(order: Order, *, now: datetime | None = None) -> Routed:
    """Take the best candidate although routing doubted it; decided anew with today's stock.

    Raises NothingToApprove, CannotRoute, OutOfStock.
    """
    prepared = RoutingDecision.objects.filter(order=order, is_current=True).first()
    if prepared is None or prepared.warehouse is None:
        raise NothingToApprove(order.number)
    loaded = _routable(order)
    batch = Batch.of([loaded], ruleset_in_force(), now or timezone.now())
    decided = batch.decide(loaded)
    if decided.decision.chosen is None:
        raise CannotRoute(outcome_of(decided, prepared).sentence)
    # Approved by a person, so what routing doubted no longer stands in the way.
    approved = replace(decided.decision, problems=())
    return _write(batch, Decided(loaded, approved, decided.state))


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

    A routed order is taken back first. Raises CannotRoute, NotACandidate with the failed gates.
    """
    if order.status == OrderStatus.ROUTED:
        unroute_order(order, f"To be overridden: {text}")
    recommended = _recommended(order, now)
    _pin(order, warehouse, service, text)
    loaded = _routable(order)
    batch = Batch.of([loaded], ruleset_in_force(), now or timezone.now())
    decided = batch.decide(loaded)
    chosen = decided.decision.chosen
    if chosen is None:
        raise NotACandidate(order.number, _why_not(decided.decision, warehouse, service))
    settled = replace(decided.decision, problems=())
    routed = _write(batch, Decided(loaded, settled, decided.state))
    _mark_override(routed, reason, text, _extra_cents(chosen, recommended))
    return routed


@transaction.atomic
def unroute_order(order: Order, reason: str) -> None:
    """Take a routed order back to ready: its stock is free again, its pins stay.

    Raises CannotRoute when it is not routed.
    """
    take_turn(order)
    order.refresh_from_db()
    if order.status != OrderStatus.ROUTED:
        label = OrderStatus(order.status).label
        raise CannotRoute(f"Order {order.number} is “{label}”; only a routed order is unrouted.")
    release_reservations(order)
    order.move_to(OrderStatus.READY, reason[:1000], warehouse=None, service=None, platform="")
    RoutingDecision.objects.filter(order=order, is_current=True).update(is_current=False)


@transaction.atomic
def remove_pins(order: Order, reason: str) -> None:
    """Let routing choose again. Raises ChangedMeanwhile."""
    _set_pins(order, None, None, "")
    write_event(order, "pin", f"Pins removed: {reason}")


def reroute_order(order: Order, reason: str, *, now: datetime | None = None) -> Routed:
    """Decide again with today's network; pins stay. Raises CannotRoute."""
    with transaction.atomic():
        if order.status == OrderStatus.ROUTED:
            unroute_order(order, reason)
        return route_order(order.pk, now=now)


def _routable(order: Order) -> Loaded:
    (loaded,) = load_orders([order.pk])
    for _one, why in refusals([loaded]):
        raise CannotRoute(why)
    if loaded.order.status not in ROUTABLE:
        raise CannotRoute(f"Order {order.number} cannot be routed as it is.")
    return loaded


def _write(batch: Batch, decided: Decided) -> Routed:
    """Reserve and write one settled decision in the caller's transaction."""
    order = decided.loaded.order
    locked = Order.objects.select_for_update().filter(pk=order.pk, version=order.version)
    if not locked.exists():
        raise ChangedMeanwhile(order.number)
    wanted = batch.wanted_levels(decided)
    spare = lock_levels(wanted)
    for row in decided.decision.allocations:
        level = batch.levels[row.warehouse, row.sku.upper()]
        if wanted[level] > spare.get(level, 0):
            raise OutOfStock(row.warehouse, row.sku, wanted[level], spare.get(level, 0))
    stored = write_decided(batch, [decided])
    return outcome_of(decided, stored[order.pk])


def _recommended(order: Order, now: datetime | None) -> Candidate | None:
    """What routing would choose without a pin, to tell what the override costs."""
    loaded = load_orders([order.pk])
    if not loaded:
        return None
    free = replace(loaded[0].facts, pinned_warehouse="", pinned_service="")
    batch = Batch.of(loaded, ruleset_in_force(), now or timezone.now())
    return batch.decide(Loaded(loaded[0].order, loaded[0].lines, free)).decision.chosen


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
        if (candidate.warehouse, candidate.service) == (warehouse.code, service.code):
            return [gate_sentence(candidate, gate) for gate in candidate.failed_gates]
    return [problem.sentence for problem in decision.problems]


def _extra_cents(chosen: Candidate, recommended: Candidate | None) -> int | None:
    if recommended is None or chosen.currency != recommended.currency:
        return None
    if chosen.cents is None or recommended.cents is None:
        return None
    return chosen.cents - recommended.cents


def _mark_override(
    routed: Routed, reason: OverrideReason, text: str, extra_cents: int | None
) -> None:
    if routed.stored is None:
        return
    RoutingDecision.objects.filter(pk=routed.stored.pk).update(
        kind=DecisionKind.OVERRIDE,
        override_reason=reason,
        override_text=text[:300],
        extra_cents=extra_cents,
    )
    routed.stored.refresh_from_db()
