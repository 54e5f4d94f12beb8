"""A source says something new about an order that exists."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from orders.checks import Found
from orders.errors import ChangedMeanwhile
from orders.models import Finding, Order, OrderLine
from orders.models.status import EDITABLE
from orders.services.check import check_orders, finding_rows
from orders.services.edit import EDITABLE_FIELDS
from orders.services.history import write_event
from orders.services.intake.candidates import Candidate

LINE_FIELDS = ("sku", "quantity", "title", "unit_price")


def update_from_source(
    order: Order, candidate: Candidate, found: Iterable[Found]
) -> dict[str, Any]:
    """Take over what the source changed; what a person edited stays. Returns the order before.

    Runs in the caller's transaction. Raises ChangedMeanwhile.
    """
    before = as_stored(order)
    kept = edited_by_people(order)
    changes = {
        name: getattr(candidate.order, name)
        for name in EDITABLE_FIELDS - kept
        if getattr(candidate.order, name) != getattr(order, name)
    }
    unchanged = Order.objects.filter(pk=order.pk, version=order.version, status__in=EDITABLE)
    if not unchanged.update(
        version=F("version") + 1,
        updated_at=timezone.now(),
        content_hash=candidate.order.content_hash,
        **changes,
    ):
        raise ChangedMeanwhile(order.number)
    lines_changed = "lines" not in kept and replace_lines(order, candidate.lines)
    _tell(order, changes, lines_changed, kept)
    _add_findings(order, found)
    check_orders([order.pk])
    order.refresh_from_db()
    return before


def as_stored(order: Order) -> dict[str, Any]:
    """The order's own values as JSON, to bring them back."""
    fields = {name: _plain(getattr(order, _column(name))) for name in sorted(EDITABLE_FIELDS)}
    lines = [
        {name: _plain(getattr(line, name)) for name in (*LINE_FIELDS, "product_id")}
        for line in order.lines.order_by("position")
    ]
    return {"fields": fields, "lines": lines, "content_hash": order.content_hash}


def edited_by_people(order: Order) -> set[str]:
    """Fields that staff have set: their word stands against the source's."""
    edits = order.events.filter(kind__in=["edit", "line_edit"], actor__isnull=False)
    names: set[str] = set()
    for kind, details in edits.values_list("kind", "details"):
        names |= {"lines"} if kind == "line_edit" else set(details.get("after", {}))
    return names


def replace_lines(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Make the order's lines these; True when anything differed."""
    current = list(order.lines.order_by("position"))
    if [_values(line) for line in current] == [_values(line) for line in lines]:
        return False
    for line, new in zip(current, lines, strict=False):
        for name in (*LINE_FIELDS, "product_id"):
            setattr(line, name, getattr(new, name))
        line.save()
    OrderLine.objects.filter(pk__in=[line.pk for line in current[len(lines) :]]).delete()
    for position, line in enumerate(lines[len(current) :], start=len(current) + 1):
        line.pk, line.order, line.position = None, order, position
        line.save()
    return True


def _values(line: OrderLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in LINE_FIELDS)


def _column(name: str) -> str:
    return Order._meta.get_field(name).attname  # type: ignore[union-attr]  # all are columns


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _tell(order: Order, changes: dict[str, Any], lines: bool, kept: set[str]) -> None:
    named = [*sorted(changes), *(["lines"] if lines else [])]
    said = (
        f"{order.source} changed {', '.join(named)}." if named else "Nothing that counts changed."
    )
    if kept:
        said += f" Kept as staff set it: {', '.join(sorted(kept))}."
    after = {name: _plain(getattr(value, "pk", value)) for name, value in changes.items()}
    write_event(order, "update", said, after=after)


def _add_findings(order: Order, found: Iterable[Found]) -> None:
    """What only the reader could notice; the checks speak for themselves right after."""
    lines = list(order.lines.order_by("position"))
    rows = finding_rows(order, lines, [one for one in found if "row" in one.details])
    Finding.objects.bulk_create(rows, ignore_conflicts=True)
