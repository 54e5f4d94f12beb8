"""Orders get a warehouse, a carrier service and so a platform, with the reasons."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from orders.models import (
    Finding,
    FindingState,
    Order,
    OrderStatus,
    Reservation,
    ReservationState,
    Severity,
)
from routing.errors import CannotRoute
from routing.models import DecisionKind, RoutingDecision, Ruleset
from routing.result import Decision
from routing.sentences import headline
from routing.services.batch import Batch, Decided
from routing.services.collector import resting_collector
from routing.services.orders import Loaded, load_orders
from routing.services.rules import ruleset_in_force
from routing.services.writing import ROUTING_CODES, write_decided
from warehouses.services import lock_levels

CHUNK = 500
"""Orders written in one transaction."""

PORTION = 2_000
"""Orders held in memory with their decisions, where any number may come."""

ROUNDS = 5
"""How often an order that lost a race for stock is decided again."""

ROUTABLE = frozenset({OrderStatus.READY, OrderStatus.NEEDS_REVIEW})

ROUTED, REVIEW, REFUSED = "routed", "review", "refused"
"""What becomes of an order: it has its route, a person must look, or it may not be routed."""


@dataclass(slots=True)
class Routed:
    """What became of one order, and the sentence for staff."""

    order: Order
    state: str
    sentence: str
    decision: Decision | None = None
    stored: RoutingDecision | None = None


def route_orders(
    ids: Iterable[int], *, now: datetime | None = None, ruleset: Ruleset | None = None
) -> list[Routed]:
    """Decide, reserve and write, one outcome for each order that exists; due first is first.

    One transaction for each CHUNK. `now` counts for cut-offs. Raises NoRulesetInForce.
    """
    ruleset = ruleset or ruleset_in_force()
    with resting_collector():
        orders = load_orders(list(ids))
        routable, outcomes = routable_of(orders)
        if routable:
            batch = Batch.of(routable, ruleset, now or timezone.now())
            for start in range(0, len(routable), CHUNK):
                outcomes += _route_chunk(batch, routable[start : start + CHUNK])
    return outcomes


def route_in_turn(ids: Sequence[int]) -> Iterator[list[Routed]]:
    """The same for any number of orders, PORTION by PORTION as they stand: memory stays flat.

    Raises NoRulesetInForce.
    """
    for start in range(0, len(ids), PORTION):
        yield route_orders(ids[start : start + PORTION])


def route_order(order_id: int, *, now: datetime | None = None) -> Routed:
    """The same for one order. Raises CannotRoute, NoRulesetInForce, Order.DoesNotExist."""
    outcomes = route_orders([order_id], now=now)
    if not outcomes:
        raise Order.DoesNotExist
    if outcomes[0].state == REFUSED:
        raise CannotRoute(outcomes[0].sentence)
    return outcomes[0]


def preview_orders(
    ids: Iterable[int], *, now: datetime | None = None, ruleset: Ruleset | None = None
) -> list[Decided]:
    """The decisions that route_orders would make, with nothing written or refused."""
    orders = load_orders(list(ids))
    if not orders:
        return []
    batch = Batch.of(orders, ruleset or ruleset_in_force(), now or timezone.now())
    return [batch.decide(one) for one in orders]


def routable_of(orders: Sequence[Loaded]) -> tuple[list[Loaded], list[Routed]]:
    """Those that may be routed now, and the others with the reason why not."""
    refused = dict(_refusals([one.order for one in orders]))
    routable = [one for one in orders if one.order.pk not in refused]
    others = [one.order for one in orders if one.order.pk in refused]
    return routable, [Routed(order, REFUSED, refused[order.pk]) for order in others]


def _refusals(orders: Sequence[Order]) -> Iterator[tuple[int, str]]:
    errors = errors_of([order.pk for order in orders])
    reserved = set(
        Reservation.objects.filter(line__order__in=orders, state=ReservationState.OPEN)
        .order_by()
        .values_list("line__order", flat=True)
    )
    for order in orders:
        status = OrderStatus(order.status)
        if status not in ROUTABLE:
            next_step = _NEXT.get(status, _LEAVE_IT)
            yield order.pk, f"Order {order.number} is “{status.label}”. {next_step}"
        elif order.pk in errors:
            yield order.pk, f"Order {order.number} has an error: {errors[order.pk]}"
        elif order.pk in reserved:
            yield order.pk, f"Order {order.number} still has stock reserved. Unroute it first."


def errors_of(order_ids: Sequence[int]) -> dict[int, str]:
    """The first open error of each order that is not routing's own, with its next step."""
    findings = Finding.objects.filter(
        order__in=order_ids, state=FindingState.OPEN, severity=Severity.ERROR
    ).exclude(code__in=ROUTING_CODES)
    errors: dict[int, str] = {}
    for finding in findings.order_by("pk").only("order_id", "message", "next_step"):
        next_step = finding.next_step or "Correct it first."
        errors.setdefault(finding.order_id, f"{finding.message} {next_step}")
    return errors


_LEAVE_IT = "Nothing is to be routed."
_NEXT = {
    OrderStatus.NEW: "Check it first.",
    OrderStatus.ROUTED: "Use “Re-route” to decide again.",
    OrderStatus.SENDING: "It is being sent; cancel that first.",
    OrderStatus.SENT: "Cancel it at the platform first.",
    OrderStatus.PROBLEM: "Solve its problem first.",
}


def _route_chunk(batch: Batch, orders: list[Loaded]) -> list[Routed]:
    """Decide and write until nobody loses a race for stock any more."""
    outcomes: list[Routed] = []
    for _round in range(ROUNDS):
        decided = [batch.decide(one, kind=_kind_of(one)) for one in orders]
        written, lost = write(batch, decided)
        outcomes += written
        if not lost:
            return outcomes
        orders = [one.loaded for one in lost]
        batch.look_again(orders)
    return outcomes + [Routed(one.order, REFUSED, contested(one.order)) for one in orders]


def _kind_of(one: Loaded) -> DecisionKind:
    """Whether routing chose freely, or within what a person had pinned."""
    is_pinned = one.facts.pinned_warehouse or one.facts.pinned_service
    return DecisionKind.PINNED if is_pinned else DecisionKind.AUTOMATIC


def contested(order: Order) -> str:
    return f"The stock for order {order.number} is wanted by many at once. Route it again."


@transaction.atomic
def write(batch: Batch, decided: Sequence[Decided]) -> tuple[list[Routed], list[Decided]]:
    """Write what still holds; the second list has lost its stock to somebody else."""
    current = _locked(decided)
    valid = [one for one in decided if current.get(one.loaded.order.pk) == _seen(one)]
    changed = [one for one in decided if current.get(one.loaded.order.pk) != _seen(one)]
    won, lost = _share_out(batch, valid)
    for one in [*changed, *lost]:
        batch.put_back(one)
    stored = write_decided(batch, won)
    outcomes = [outcome_of(one, stored[one.loaded.order.pk]) for one in won]
    outcomes += [Routed(one.loaded.order, REFUSED, _changed(one)) for one in changed]
    return outcomes, lost


def _locked(decided: Sequence[Decided]) -> dict[int, tuple[str, int]]:
    """Status and version of the orders, locked in the order of ids."""
    orders = Order.objects.filter(pk__in=[one.loaded.order.pk for one in decided])
    rows = orders.select_for_update().order_by("pk").values_list("pk", "status", "version")
    return {pk: (status, version) for pk, status, version in rows}


def _seen(one: Decided) -> tuple[str, int]:
    return one.loaded.order.status, one.loaded.order.version


def _share_out(batch: Batch, decided: Sequence[Decided]) -> tuple[list[Decided], list[Decided]]:
    """First come, first served, from what the locked levels can still promise."""
    wanted = {one.loaded.order.pk: batch.wanted_levels(one) for one in decided if one.is_settled}
    spare: dict[int, int] = defaultdict(int)
    spare |= lock_levels({level for levels in wanted.values() for level in levels})
    won, lost = [], []
    for one in decided:
        levels = wanted.get(one.loaded.order.pk, {})
        if any(units > spare[level] for level, units in levels.items()):
            lost.append(one)
            continue
        for level, units in levels.items():
            spare[level] -= units
        won.append(one)
    return won, lost


def outcome_of(one: Decided, stored: RoutingDecision | None = None) -> Routed:
    """What staff are told of a decided order."""
    order, decision = one.loaded.order, one.decision
    if one.is_settled:
        return Routed(order, ROUTED, headline(decision), decision, stored)
    why = decision.problems[0] if decision.problems else None
    sentence = f"{why.sentence} {why.next_step}" if why else "A person must look."
    return Routed(order, REVIEW, sentence, decision, stored)


def _changed(one: Decided) -> str:
    return f"Order {one.loaded.order.number} was changed meanwhile. Route it again."
