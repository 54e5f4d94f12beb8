"""Staff correct a row before it is applied, or leave it out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from orders.errors import ImportRefused
from orders.intake.parsed import ParsedLine, Received
from orders.models import ImportMode, ImportRow, ImportState, RowState
from orders.services.imports.applying import received_of_row
from orders.services.imports.reading import columns_of
from orders.services.intake.record import preview_orders

ORDER_FIELDS = (
    "number",
    "date",
    "currency",
    "shipping_method",
    "email",
    "phone",
    "wanted_carrier",
    "wanted_state",
    "notes",
)
RECIPIENT_FIELDS = (
    "name",
    "company",
    "address_1",
    "address_2",
    "city",
    "state",
    "postal_code",
    "country",
)
LINE_FIELDS = ("sku", "quantity", "unit_price", "title")
_FIXABLE = frozenset(
    {RowState.READY, RowState.WARNING, RowState.ERROR, RowState.SKIPPED, RowState.FAILED}
)


@transaction.atomic
def fix_row(row: ImportRow, changes: Mapping[str, str], lines: list[Mapping[str, str]]) -> None:
    """Set fields by name (as in postal_code) and the lines as given; then judge the row again.

    Remarks on a field that was changed are answered by that. Raises ImportRefused.
    """
    _check_fixable(row)
    received = received_of_row(row)
    changed = _set_fields(received, changes) | _set_lines(received, lines)
    kept = tuple(r for r in received.remarks if not _is_answered(r.field, changed))
    corrected = replace(received, remarks=kept)
    (outcome,) = preview_orders(
        [corrected], source=row.session.source, mode=ImportMode(row.session.mode)
    )
    for name, value in columns_of(corrected, outcome).items():
        setattr(row, name, value)
    row.is_edited = True
    row.save()


def _is_answered(field: str, changed: set[str]) -> bool:
    renamed = {"order_number": "number", "order_date": "date"}.get(field, field)
    return renamed in changed


def _set_fields(received: Received, changes: Mapping[str, str]) -> set[str]:
    changed = set()
    for name, value in changes.items():
        target: Any = received.order if name in ORDER_FIELDS else received.order.recipient
        if name not in ORDER_FIELDS + RECIPIENT_FIELDS:
            raise ImportRefused(f"There is no field “{name}” in an order.")
        if getattr(target, name) != value:
            setattr(target, name, value)
            changed.add(name)
    return changed


def _set_lines(received: Received, lines: list[Mapping[str, str]]) -> set[str]:
    """A line without SKU and quantity is taken away."""
    new = [
        ParsedLine(
            sku=line.get("sku", ""),
            quantity=line.get("quantity", ""),
            unit_price=line.get("unit_price", ""),
            title=line.get("title", ""),
        )
        for line in lines
        if line.get("sku") or line.get("quantity")
    ]
    old = received.order.lines
    for line, before in zip(new, old, strict=False):
        line.row = before.row
    changed = {
        name
        for name in LINE_FIELDS
        if [getattr(line, name) for line in new] != [getattr(line, name) for line in old]
    }
    received.order.lines[:] = new
    return changed


@transaction.atomic
def skip_row(row: ImportRow) -> None:
    """Leave the row out of what is applied. Raises ImportRefused."""
    _check_fixable(row)
    ImportRow.objects.filter(pk=row.pk).update(state=RowState.SKIPPED)


def _check_fixable(row: ImportRow) -> None:
    session = row.session
    if session.state not in (ImportState.PREVIEW, ImportState.DONE) or row.state not in _FIXABLE:
        raise ImportRefused(
            f"The row is “{row.get_state_display()}” in an import that is "
            f"“{session.get_state_display()}”; it cannot be changed any more."
        )
