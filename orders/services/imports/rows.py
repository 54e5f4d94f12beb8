"""Staff correct a row before it is applied, or leave it out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from orders.errors import ImportRefused
from orders.intake.correcting import ORDER_FIELDS, RECIPIENT_FIELDS, corrected
from orders.models import ImportMode, ImportRow, ImportState, RowState
from orders.services.imports.applying import received_of_row
from orders.services.imports.reading import columns_of
from orders.services.intake.record import preview_orders

_FIXABLE = frozenset(
    {RowState.READY, RowState.WARNING, RowState.ERROR, RowState.SKIPPED, RowState.FAILED}
)

_OPEN_SESSIONS = (ImportState.PREVIEW, ImportState.DONE)


@transaction.atomic
def fix_row(row: ImportRow, changes: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> None:
    """Set fields by name (as in postal_code) and the lines as given; then judge the row again.

    Remarks on a field that was changed are answered by that. Raises ImportRefused.
    """
    _check_fixable(row)
    if unknown := changes.keys() - {*ORDER_FIELDS, *RECIPIENT_FIELDS}:
        raise ImportRefused(f"There is no field “{min(unknown)}” in an order.")
    received = corrected(received_of_row(row), changes, lines)
    (outcome,) = preview_orders(
        [received], source=row.session.source, mode=ImportMode(row.session.mode)
    )
    _change(row, is_edited=True, **columns_of(received, outcome))


@transaction.atomic
def skip_row(row: ImportRow) -> None:
    """Leave the row out of what is applied. Raises ImportRefused."""
    _check_fixable(row)
    _change(row, state=RowState.SKIPPED)


def _change(row: ImportRow, **values: Any) -> None:
    """Conditional, because a job may have begun to apply the rows meanwhile."""
    fixable = ImportRow.objects.filter(
        pk=row.pk, state__in=_FIXABLE, session__state__in=_OPEN_SESSIONS
    )
    is_changed = fixable.update(**values)
    row.refresh_from_db()
    if not is_changed:
        _check_fixable(row)


def is_fixable(row: ImportRow) -> bool:
    return row.session.state in _OPEN_SESSIONS and row.state in _FIXABLE


def _check_fixable(row: ImportRow) -> None:
    session = row.session
    if not is_fixable(row):
        raise ImportRefused(
            f"The row is “{row.get_state_display()}” in an import that is "
            f"“{session.get_state_display()}”; it cannot be changed any more."
        )
