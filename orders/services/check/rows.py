"""A verdict as rows: the findings to insert, and the status that follows."""

from collections.abc import Iterable

from orders.checks import Found, Verdict
from orders.models import Finding, Order, OrderLine, OrderStatus, Severity


def finding_rows(
    order: Order, lines: Iterable[OrderLine], found: Verdict | Iterable[Found]
) -> list[Finding]:
    """Unsaved findings, each on its order and line (which may be unsaved, too)."""
    at = {line.position: line for line in lines}
    every = found.found if isinstance(found, Verdict) else found
    return [finding_row(order, at, one) for one in every]


def finding_row(order: Order, lines: dict[int, OrderLine], one: Found) -> Finding:
    return Finding(
        order=order,
        line=lines.get(one.line_position) if one.line_position is not None else None,
        code=one.code,
        severity=Severity(one.severity.value),
        field=one.field,
        message=one.message[:1000],
        next_step=one.next_step[:500],
        details=one.details,
    )


def status_of(verdict: Verdict) -> OrderStatus:
    return OrderStatus.NEEDS_REVIEW if verdict.has_errors else OrderStatus.READY
