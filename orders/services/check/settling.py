"""Checking stored orders: findings open and close, verdict and status follow."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from orders.checks import CODES, Verdict, check_order, fingerprint
from orders.models import Finding, FindingState, Order, OrderEvent, OrderLine, OrderStatus, Severity
from orders.models.moves import move_orders
from orders.models.order import event_context
from orders.models.status import EDITABLE
from orders.services.check.reading import checked_from_row
from orders.services.check.rows import finding_row
from orders.services.check.twins import pair_twins
from orders.services.check.world import load_world
from warehouses.models import Product

CHUNK = 200
_CHECKED_ANEW = frozenset({OrderStatus.NEW, OrderStatus.NEEDS_REVIEW, OrderStatus.READY})
"""Statuses that follow from the findings; a problem is solved by a person."""

_COLUMNS = {"name": "recipient_name"}
"""Fields that readers of files and texts call otherwise."""
Place = tuple[int | None, str]
"""The id of a line, or None for the order itself, and the name of a column."""


def check_orders(ids: Sequence[int]) -> dict[int, Verdict]:
    """Check these orders again and settle what was found; one transaction for every 200.

    Findings that are gone are resolved, new ones opened, equal ones left as they are; what a
    person overrode stays overridden while it is the same. An order with an open error needs
    review, any other is ready. Nothing is written where nothing changed, nor for an order that is
    too far along to be edited. Ids that do not exist are left out of the answer.
    """
    verdicts: dict[int, Verdict] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            verdicts |= settle(wanted[start : start + CHUNK])
    return verdicts


@dataclass(slots=True)
class Case:
    """One order being checked: its rows, what was found, and what follows."""

    order: Order
    lines: list[OrderLine]
    before: list[Finding]
    verdict: Verdict = field(default_factory=lambda: Verdict((), "unchecked", {}))
    opened: list[Finding] = field(default_factory=list)
    closed: list[Finding] = field(default_factory=list)
    linked: list[OrderLine] = field(default_factory=list)

    @property
    def has_open_error(self) -> bool:
        gone = {finding.pk for finding in self.closed}
        still = [
            finding
            for finding in self.before
            if finding.state == FindingState.OPEN and finding.pk not in gone
        ]
        return any(finding.severity == Severity.ERROR for finding in still + self.opened)

    @property
    def next_status(self) -> OrderStatus | None:
        """The status to move to, if another."""
        wanted = OrderStatus.NEEDS_REVIEW if self.has_open_error else OrderStatus.READY
        moves = self.order.status in _CHECKED_ANEW and self.order.status != wanted
        return wanted if moves else None


def settle(ids: Sequence[int], edited: Collection[Place] = ()) -> dict[int, Verdict]:
    """Check at most some hundred orders inside the caller's transaction; see check_orders.

    `edited` are places that a person has just set: what the reader of a file or text said about
    them is answered by that.
    """
    cases = _load(ids)
    _link_products(cases)
    checked = [checked_from_row(case.order, case.lines) for case in cases]
    world = load_world(checked)
    for case, order in zip(cases, checked, strict=True):
        case.verdict = check_order(order, world)
    editable = [case for case in cases if case.order.status in EDITABLE]
    for case in editable:
        _compare(case, edited)
    marks = {case.order.pk: fingerprint(order) for case, order in zip(cases, checked, strict=True)}
    _write(editable, marks)
    pair_twins([case.order.pk for case in editable])
    return {case.order.pk: case.verdict for case in cases}


def _load(ids: Sequence[int]) -> list[Case]:
    """The orders, locked in the order of ids so that two checks never wait for each other."""
    orders = Order.objects.filter(pk__in=ids).select_related("wanted_carrier")
    locked = list(orders.select_for_update(of=("self",)).order_by("pk"))
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order__in=ids).select_related("product"):
        lines[line.order_id].append(line)
    findings: dict[int, list[Finding]] = defaultdict(list)
    known = Finding.objects.filter(order__in=ids).exclude(state=FindingState.RESOLVED)
    for finding in known.order_by("pk"):
        findings[finding.order_id].append(finding)
    return [Case(order, lines[order.pk], findings[order.pk]) for order in locked]


def _link_products(cases: Sequence[Case]) -> None:
    """A SKU that was unknown may be a product by now."""
    unknown = [
        (case, line)
        for case in cases
        if case.order.status in EDITABLE
        for line in case.lines
        if line.product_id is None and line.sku.strip()
    ]
    if not unknown:
        return
    products = Product.objects.by_sku({line.sku.strip() for _case, line in unknown})
    known = {product.sku.upper(): product for product in products}
    for case, line in unknown:
        if product := known.get(line.sku.strip().upper()):
            line.product = product
            case.linked.append(line)
    OrderLine.objects.bulk_update([line for case in cases for line in case.linked], ["product"])


def _compare(case: Case, edited: Collection[Place]) -> None:
    """Set what opens and what closes."""
    at = {line.position: line for line in case.lines}
    wanted = [finding_row(case.order, at, one) for one in case.verdict.found]
    known = {_identity(finding) for finding in case.before}
    case.opened = [finding for finding in wanted if _identity(finding) not in known]
    said = {_identity(finding) for finding in wanted}
    replaced = {(finding.code, *_place(finding)) for finding in case.opened}
    case.closed = [
        finding
        for finding in case.before
        if finding.state == FindingState.OPEN
        and (
            (finding.code, *_place(finding)) in replaced
            or (_is_of_the_checks(finding) and _identity(finding) not in said)
            or (_is_of_a_reader(finding) and _place(finding) in edited)
        )
    ]


def _is_of_the_checks(finding: Finding) -> bool:
    return finding.code in CODES and not _is_of_a_reader(finding)


def _is_of_a_reader(finding: Finding) -> bool:
    """What was noticed while reading cannot be noticed again, so only a person answers it."""
    return "row" in finding.details


def _place(finding: Finding) -> Place:
    return finding.line_id, _COLUMNS.get(finding.field, finding.field)


def _identity(finding: Finding) -> tuple[Any, ...]:
    # As text, because PostgreSQL gives the keys back in an order of its own.
    details = json.dumps(finding.details, sort_keys=True)
    return finding.code, finding.field, finding.line_id, finding.message, details


def _write(cases: Sequence[Case], fingerprints: dict[int, str]) -> None:
    _write_findings(cases)
    changed = [case.order for case in cases if _takes_verdict(case, fingerprints[case.order.pk])]
    if changed:
        Order.objects.bulk_update(changed, ["address_verdict", "fingerprint"])
    # Sorted out before anything moves, because a move changes what follows.
    steps = [(case, case.next_status) for case in cases]
    _tell([case for case, status in steps if status is None and _is_news(case)])
    for target in (OrderStatus.NEEDS_REVIEW, OrderStatus.READY):
        if moving := [case for case, status in steps if status is target]:
            told = {case.order.pk: _told(case) for case in moving}
            move_orders([case.order for case in moving], target, told)


def _write_findings(cases: Sequence[Case]) -> None:
    closed = [finding.pk for case in cases for finding in case.closed]
    if closed:
        Finding.objects.filter(pk__in=closed, state=FindingState.OPEN).update(
            state=FindingState.RESOLVED, closed_at=timezone.now()
        )
    if opened := [finding for case in cases for finding in case.opened]:
        Finding.objects.bulk_create(opened)


def _takes_verdict(case: Case, new_fingerprint: str) -> bool:
    order, said = case.order, (case.verdict.address_verdict, new_fingerprint)
    if (order.address_verdict, order.fingerprint) == said:
        return False
    order.address_verdict, order.fingerprint = said
    return True


def _is_news(case: Case) -> bool:
    return bool(case.opened or case.closed or case.linked)


def _tell(cases: Sequence[Case]) -> None:
    """A line in the history of orders whose findings changed and whose status did not."""
    if not cases:
        return
    orders = [case.order.pk for case in cases]
    Order.objects.filter(pk__in=orders).update(updated_at=timezone.now())
    OrderEvent.objects.bulk_create(
        OrderEvent(order=case.order, kind="check", message=_told(case), **event_context())
        for case in cases
    )


def _told(case: Case) -> str:
    parts = list(_parts(case))
    return f"Checked: {', '.join(parts)}." if parts else "Checked: nothing new was found."


def _parts(case: Case) -> Iterator[str]:
    for severity, one, many in (
        (Severity.ERROR, "error", "errors"),
        (Severity.WARNING, "warning", "warnings"),
        (Severity.INFO, "note", "notes"),
    ):
        if count := sum(finding.severity == severity for finding in case.opened):
            yield f"{count} new {one if count == 1 else many}"
    if case.closed:
        yield f"{len(case.closed)} resolved"
    if case.linked:
        yield f"{len(case.linked)} found in the catalogue"
