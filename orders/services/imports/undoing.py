"""An import is taken back: created orders are cancelled, updated ones are as they were."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.errors import DomainError
from orders.models import (
    ImportRow,
    ImportSession,
    ImportState,
    Order,
    OrderLine,
    OrderStatus,
    RowState,
)
from orders.models.status import EDITABLE
from orders.services.cancel import cancel_order
from orders.services.check import check_orders
from orders.services.history import write_event
from orders.services.imports.leases import Lease
from orders.services.intake.update import replace_lines

CHUNK = 100
NUMBER_LENGTH = Order._meta.get_field("number").max_length or 64
_APPLIED = (RowState.CREATED, RowState.UPDATED)
_REVERSIBLE = frozenset({*EDITABLE, OrderStatus.ROUTED})


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an undo would do now; each of `kept` says which order stays and why.

    `edited` of those to be cancelled were changed since: what was changed goes with them.
    """

    cancels: int
    restores: int
    edited: int
    kept: tuple[str, ...]


def forecast_undo(session: ImportSession) -> Forecast:
    """Constant queries; memory grows only with what cannot be undone."""
    cancels = restores = edited = 0
    kept = []
    rows = session.rows.filter(state__in=_APPLIED).select_related("order")
    for row in rows.defer("cells", "parsed", "remarks").iterator(chunk_size=500):
        if obstacle := _obstacle(row):
            kept.append(obstacle)
        elif row.state == RowState.CREATED:
            cancels += 1
            edited += row.order is not None and row.order.version != row.order_version
        else:
            restores += 1
    return Forecast(cancels, restores, edited, tuple(kept))


def _obstacle(row: ImportRow) -> str:
    """Why this row must stay; empty when it can be taken back."""
    order = row.order
    if order is None:
        return f"{row}: the order is no longer there."
    if order.status == OrderStatus.CANCELLED:
        return f"{order}: it is cancelled already."
    if order.status not in _REVERSIBLE:
        return f"{order}: it is “{order.get_status_display()}”. Cancel it at the platform first."
    if row.state == RowState.UPDATED and order.version != row.order_version:
        return f"{order}: it was changed since the import. Correct it by hand."
    return ""


def undo_rows(lease: Lease) -> bool:
    """Take back row by row; False when the slice of time was over before the end."""
    session = ImportSession.objects.get(pk=lease.session_id)
    done = session.orders_done
    while rows := list(_next_rows(session)):
        for row in rows:
            done += 1
            with transaction.atomic():
                _undo(row)
                lease.keep(orders_done=done)
        if lease.is_slice_over:
            return False
    lease.give_back(state=ImportState.UNDONE, undone_at=timezone.now())
    return True


def _next_rows(session: ImportSession) -> Iterator[ImportRow]:
    rows = session.rows.filter(state__in=_APPLIED).select_related("order", "session")
    return iter(rows.order_by("-position")[:CHUNK])


def _undo(row: ImportRow) -> None:
    obstacle = _obstacle(row)
    if not obstacle and row.order:
        try:
            with transaction.atomic():
                _take_back(row, row.order)
        except DomainError as error:
            obstacle = str(error)
    row.state = RowState.KEPT if obstacle else RowState.UNDONE
    row.problem = obstacle[:1000]
    row.save(update_fields=["state", "problem"])


def _take_back(row: ImportRow, order: Order) -> None:
    if row.state == RowState.CREATED:
        cancel_order(order, f"The import of {row.session.file_name} was undone.")
        _free_number(row, order)
    else:
        _restore(row, order)


def _free_number(row: ImportRow, order: Order) -> None:
    """So that the corrected file can be imported under the same numbers."""
    ending = f"~{row.session_id}"
    freed = order.number[: NUMBER_LENGTH - len(ending)] + ending
    Order.objects.filter(pk=order.pk).update(number=freed, content_hash="")
    write_event(order, "edit", f"Number {order.number} was freed; this is now {freed}.")


def _restore(row: ImportRow, order: Order) -> None:
    before: dict[str, Any] = row.before or {}
    fields = {_attname(name): _typed(name, value) for name, value in before["fields"].items()}
    Order.objects.filter(pk=order.pk).update(
        version=F("version") + 1,
        updated_at=timezone.now(),
        content_hash=before["content_hash"],
        **fields,
    )
    replace_lines(
        order, [_line(position, line) for position, line in enumerate(before["lines"], 1)]
    )
    write_event(order, "update", f"As before the import of {row.session.file_name}.")
    check_orders([order.pk])


def _attname(name: str) -> str:
    return str(getattr(Order._meta.get_field(name), "attname", name))


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_date") and value else value


def _line(position: int, stored: dict[str, Any]) -> OrderLine:
    price = stored["unit_price"]
    values = stored | {"unit_price": Decimal(price) if price else None}
    return OrderLine(position=position, **values)
