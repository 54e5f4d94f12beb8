"""A verdict as rows: the findings to insert, and the status that follows."""

from collections.abc import Iterable

from orders.checks import Found, Verdict
from orders.models import Finding, Order, OrderLine, OrderStatus, Severity


def finding_rows(order: Order, lines: Iterable[OrderLine], verdict: Verdict) -> list[Finding]:
    """Unsaved findings of a verdict, each on its order and line (which may be unsaved, too)."""
    return found_rows(order, lines, verdict.found)


def found_rows(order: Order, lines: Iterable[OrderLine], found: Iterable[Found]) -> list[Finding]:
    """The same for whatever was found, by the checks or by a reader."""
    at = {line.position: line for line in lines}
    return [finding_row(order, at, one) for one in found]


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
