"""Staff correct what was ordered; the order is checked again with each change."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from core.audit import changed
from orders.errors import ChangedMeanwhile, FieldNotEditable, LineReserved, NoSuchLine, NotValid
from orders.models import Order, OrderLine, ReservationState
from orders.models.status import EDITABLE
from orders.services.check import settle
from orders.services.history import check_current, problems_of, write_event
from warehouses.models import Product
from warehouses.services.checks import MAX_QUANTITY

LINE_FIELDS = frozenset({"sku", "product", "title", "quantity", "unit_price"})


@transaction.atomic
def edit_line(order_id: int, version: int, position: int, changes: Mapping[str, Any]) -> Order:
    """Change a line of the order as the editor saw it; `changes` maps field to new value.

    A new SKU finds its product by itself; a product may be chosen while the SKU stays as the
    source wrote it. Nothing is written when nothing differs. Raises Order.DoesNotExist,
    NoSuchLine, LineReserved, FieldNotEditable, NotValid, NotEditable, ChangedMeanwhile.
    """
    _check_fields(changes)
    order = _current(order_id, version)
    line = _line_at(order, position)
    before = {name: getattr(line, name) for name in LINE_FIELDS}
    _apply(line, changes)
    _check_values(order, line, changes.keys())
    old, new = changed(before, {name: getattr(line, name) for name in LINE_FIELDS})
    if not new:
        return order
    if new.keys() & {"product", "quantity"} and line.reservations.filter(
        state=ReservationState.OPEN
    ):
        raise LineReserved(order.number, position)
    _raise_version(order)
    line.save(update_fields=list(new))
    said = f"Changed {', '.join(sorted(new))} of line {position}."
    write_event(order, "line_edit", said, line=position, before=old, after=new)
    return _checked_again(order, {(line.pk, name) for name in _answered(new.keys())})


@transaction.atomic
def add_line(order_id: int, version: int, values: Mapping[str, Any]) -> Order:
    """Put a line at the end of the order as the editor saw it; `values` as in edit_line, with a
    SKU or a product, and a quantity.

    Raises Order.DoesNotExist, FieldNotEditable, NotValid, NotEditable, ChangedMeanwhile.
    """
    _check_fields(values)
    order = _current(order_id, version)
    last = order.lines.aggregate(last=Max("position"))["last"] or 0
    line = OrderLine(order=order, position=last + 1)
    _apply(line, values)
    _check_values(order, line, {"sku", "quantity", "title", "unit_price"})
    _raise_version(order)
    line.save()
    write_event(order, "line_edit", f"Added line {line.position}: {line}.", line=line.position)
    return _checked_again(order)


@transaction.atomic
def remove_line(order_id: int, version: int, position: int) -> Order:
    """Take a line off the order as the editor saw it; the others keep their positions.

    Raises Order.DoesNotExist, NoSuchLine, LineReserved, NotEditable, ChangedMeanwhile.
    """
    order = _current(order_id, version)
    line = _line_at(order, position)
    if line.reservations.exists():
        raise LineReserved(order.number, position)
    _raise_version(order)
    gone = {name: getattr(line, name) for name in LINE_FIELDS}
    said = f"Removed line {position}: {line}."
    line.delete()
    write_event(order, "line_edit", said, line=position, before=changed(gone, {})[0])
    return _checked_again(order)


def _check_fields(changes: Mapping[str, Any]) -> None:
    for name in changes:
        if name not in LINE_FIELDS:
            raise FieldNotEditable(name, LINE_FIELDS)


def _current(order_id: int, version: int) -> Order:
    order = Order.objects.get(pk=order_id)
    check_current(order, version)
    return order


def _line_at(order: Order, position: int) -> OrderLine:
    line = order.lines.select_related("product").filter(position=position).first()
    if line is None:
        raise NoSuchLine(order.number, position)
    return line


def _apply(line: OrderLine, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(line, name, value.strip() if isinstance(value, str) else value)
    if "product" in changes:
        line.sku = line.sku or (line.product.sku if line.product else "")
    elif "sku" in changes:
        line.product = Product.objects.by_sku([line.sku]).first() if line.sku else None


def _check_values(order: Order, line: OrderLine, names: Collection[str]) -> None:
    problems = problems_of(line, set(names) - {"product"})
    if "quantity" in names and "quantity" not in problems and line.quantity > MAX_QUANTITY:
        problems["quantity"] = [f"The quantity is at most {MAX_QUANTITY:,}."]
    if problems:
        told = {f"lines.{line.position}.{name}": said for name, said in problems.items()}
        raise NotValid(order.number, told)


def _raise_version(order: Order) -> None:
    """First, because this UPDATE is the lock that keeps a second editor out."""
    seen = Order.objects.filter(pk=order.pk, version=order.version, status__in=EDITABLE)
    if not seen.update(version=F("version") + 1, updated_at=timezone.now()):
        raise ChangedMeanwhile(order.number)


def _answered(names: Collection[str]) -> set[str]:
    """A chosen product answers what was said about the SKU."""
    return {*names, "sku"} if "product" in names else set(names)


def _checked_again(order: Order, edited: Collection[tuple[int | None, str]] = ()) -> Order:
    settle([order.pk], edited)
    order.refresh_from_db()
    return order
