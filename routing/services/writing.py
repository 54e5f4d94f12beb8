"""Decisions are written: rows, reservations, status, history, findings, holds and tags."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BigIntegerField, CharField
from django.utils import timezone

from core.actor import current_actor
from core.bulk import insert_many
from core.correlation import correlation_id
from orders.checks import ROUTE
from orders.models import Finding, FindingState, Hold, HoldType, Order, OrderStatus, Severity, Tag
from orders.models.moves import move_orders
from orders.services.reserve_many import Allotment, reserve_allotments
from routing.codec import document
from routing.models import DecisionKind, RoutingDecision
from routing.sentences import reasons
from routing.services.batch import Batch, Decided
from routing.services.parting import keep_parts

REVIEW_CODE = "route_review"
NO_ROUTE_CODE = "route_impossible"
ROUTING_CODES = (REVIEW_CODE, NO_ROUTE_CODE)
"""Findings that routing opens and closes."""

_COST: DecimalField = DecimalField(max_digits=12, decimal_places=2)


def write_decided(batch: Batch, decided: Sequence[Decided]) -> dict[int, RoutingDecision]:
    """Write all of it in the caller's transaction, with the orders and levels locked."""
    if not decided:
        return {}
    stored = _store(batch, decided)
    close_findings([one.loaded.order.pk for one in decided])
    settled = [one for one in decided if one.is_settled]
    others = [one for one in decided if not one.is_settled]
    reserve_allotments([row for one in settled for row in _allotments(batch, one)])
    set_routes(batch, settled)
    keep_parts(batch, settled)
    _move(settled, OrderStatus.ROUTED)
    _review(others)
    _place_holds(decided)
    _add_tags(decided)
    return {row.order_id: row for row in stored}


def _store(batch: Batch, decided: Sequence[Decided]) -> list[RoutingDecision]:
    ids = [one.loaded.order.pk for one in decided]
    RoutingDecision.objects.filter(order__in=ids, is_current=True).update(is_current=False)
    snapshot = batch.snapshot()
    rows = [decision_row(batch, one, network=snapshot, **one.columns) for one in decided]
    insert_many(rows)
    return rows


def decision_row(batch: Batch, one: Decided, **columns: Any) -> RoutingDecision:
    """The decision as a row, not yet written."""
    decision, chosen, actor = one.decision, one.decision.chosen, current_actor.get()
    values = {
        "order": one.loaded.order,
        "ruleset": batch.ruleset,
        "kind": DecisionKind.AUTOMATIC,
        "decided_at": decision.decided_at,
        "confidence": decision.confidence,
        "needs_review": not one.is_settled,
        "last_safe_minute": decision.last_safe_minute,
        "order_facts": document(one.loaded.facts),
        "stock_facts": document(one.state),
        "result": document(decision),
        "actor_id": actor.user_id,
        "actor_label": actor.label,
        "correlation_id": correlation_id.get(),
    }
    if chosen:
        first = chosen.parcels[0]
        values |= {
            "warehouse_id": batch.warehouses[first.warehouse],
            "service_id": batch.services[first.service],
            "platform": first.platform,
            "parcels": len(chosen.parcels),
            "cost_cents": chosen.cents,
            "currency": chosen.currency,
            "arrives_on": chosen.arrives_on,
        }
    return RoutingDecision(**(values | columns))


def close_findings(order_ids: Sequence[int]) -> None:
    """What routing said before is answered by what it says now."""
    Finding.objects.filter(
        order__in=order_ids, code__in=ROUTING_CODES, state=FindingState.OPEN
    ).update(state=FindingState.RESOLVED, closed_at=timezone.now())


def _allotments(batch: Batch, one: Decided) -> Iterable[Allotment]:
    lines = {line.position: line.pk for line in one.loaded.lines}
    for row in one.decision.allocations:
        level = batch.levels[row.warehouse, row.sku.upper()]
        yield Allotment(lines[row.position], level, row.quantity, one.loaded.order.number)


def set_routes(batch: Batch, settled: Sequence[Decided]) -> None:
    """Warehouse, service and platform of all orders in one UPDATE."""
    if not settled:
        return
    groups: dict[tuple[int, int, str], list[int]] = {}
    for one in settled:
        if chosen := one.decision.chosen:
            first = chosen.parcels[0]
            route = (
                batch.warehouses[first.warehouse],
                batch.services[first.service],
                first.platform,
            )
            groups.setdefault(route, []).append(one.loaded.order.pk)
    Order.objects.filter(pk__in=[one.loaded.order.pk for one in settled]).update(
        warehouse_id=_by_group(groups, 0, BigIntegerField()),
        service_id=_by_group(groups, 1, BigIntegerField()),
        platform=_by_group(groups, 2, CharField()),
        estimated_cost=Subquery(_current("cost"), output_field=_COST),
        estimated_currency=Subquery(_current("currency")),
        cost_margin_percent=batch.ruleset.price_margin_percent,
    )


def _current(column: str) -> QuerySet[RoutingDecision, Any]:
    """A column of the order's decision, just written: what the label is expected to cost."""
    cost = ExpressionWrapper(F("cost_cents") * Value(Decimal("0.01")), output_field=_COST)
    current = RoutingDecision.objects.filter(order=OuterRef("pk"), is_current=True)
    return current.annotate(cost=cost).values(column)


def _by_group(groups: dict[tuple[int, int, str], list[int]], column: int, kind: Any) -> Case:
    return Case(
        *(When(pk__in=ids, then=Value(route[column])) for route, ids in groups.items()),
        output_field=kind,
    )


def _move(settled: Sequence[Decided], status: OrderStatus) -> None:
    if settled:
        told = {one.loaded.order.pk: _told(one)[:1000] for one in settled}
        move_orders([one.loaded.order for one in settled], status, told)


def _told(one: Decided) -> str:
    """Who stands by it, and why it goes this way; what a person set aside is no reason."""
    said = reasons(replace(one.decision, problems=()) if one.approval else one.decision)
    return " ".join([one.approval, *said]).strip()


def _review(decided: Sequence[Decided]) -> None:
    """The decision is prepared, and a person is asked by a finding that says why."""
    if not decided:
        return
    insert_many([_finding(one) for one in decided])
    ready = [one for one in decided if one.loaded.order.status == OrderStatus.READY]
    told = {one.loaded.order.pk: _why(one) for one in ready}
    if ready:
        move_orders([one.loaded.order for one in ready], OrderStatus.NEEDS_REVIEW, told)
    moved = {one.loaded.order.pk for one in ready}
    waiting = [one.loaded.order.pk for one in decided if one.loaded.order.pk not in moved]
    Order.objects.filter(pk__in=waiting).update(version=F("version") + 1, updated_at=timezone.now())


def _finding(one: Decided) -> Finding:
    problems = one.decision.problems
    return Finding(
        order=one.loaded.order,
        code=REVIEW_CODE if one.decision.chosen else NO_ROUTE_CODE,
        severity=Severity.ERROR,
        field=ROUTE,
        message=_why(one)[:1000],
        next_step=" ".join(dict.fromkeys(problem.next_step for problem in problems))[:500],
        details={"problems": [problem.code for problem in problems]},
    )


def _why(one: Decided) -> str:
    return " ".join(problem.sentence for problem in one.decision.problems)


def _place_holds(decided: Sequence[Decided]) -> None:
    """A hold that a rule placed before is not placed again: a person may have released it."""
    wanted = {(one.loaded.order.pk, why[:300]) for one in decided for why in one.decision.holds}
    if not wanted:
        return
    placed = Hold.objects.filter(order__in={pk for pk, _why in wanted}, type=HoldType.RULE)
    known = set(placed.values_list("order_id", "reason"))
    Hold.objects.bulk_create(
        Hold(order_id=pk, type=HoldType.RULE, reason=why) for pk, why in sorted(wanted - known)
    )


def _add_tags(decided: Sequence[Decided]) -> None:
    wanted = [(one.loaded.order.pk, name) for one in decided for name in one.decision.tags]
    if not wanted:
        return
    names = {name for _pk, name in wanted}
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    links = Order.tags.through
    links.objects.bulk_create(
        [links(order_id=pk, tag_id=ids[name]) for pk, name in wanted], ignore_conflicts=True
    )
