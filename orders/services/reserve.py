"""Stock is promised to an order, let go again, or shipped with it."""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orders.errors import AlreadyReserved, NoLines, NothingToReserve
from orders.models import Order, OrderLine, Reservation, ReservationState
from orders.services.history import take_turn, write_event
from warehouses import services as stock
from warehouses.errors import OutOfStock
from warehouses.models import ReasonCode, StockLevel, StockMovement, Warehouse


@transaction.atomic
def reserve_lines(order: Order, warehouse: Warehouse) -> list[Reservation]:
    """Reserve every line of the order in that warehouse, or none of them.

    Raises NoLines, NothingToReserve, AlreadyReserved, OutOfStock.
    """
    take_turn(order)
    if _open_reservations(order).exists():
        raise AlreadyReserved(order.number)
    reservations = Reservation.objects.bulk_create(
        Reservation(line=line, level=level, quantity=line.quantity)
        for line, level in _lines_and_levels(order, warehouse)
    )
    for reservation in reservations:
        _move(stock.reserve, reservation, order)
    _tell(order, "reserved", "Reserved", reservations)
    return reservations


@transaction.atomic
def release_reservations(order: Order) -> int:
    """Let go of everything still reserved; returns how many reservations that closed.

    Doing it twice changes nothing the second time.
    """
    take_turn(order)
    released = _close(order, ReservationState.RELEASED)
    for reservation in released:
        _move(stock.release, reservation, order)
    _tell(order, "released", "Released", released)
    return len(released)


@transaction.atomic
def consume_reservations(order: Order) -> int:
    """Ship everything reserved, so that it leaves the books; returns how many that closed.

    Doing it twice changes nothing the second time.
    """
    take_turn(order)
    consumed = _close(order, ReservationState.CONSUMED)
    for reservation in consumed:
        _move(stock.consume, reservation, order)
    _tell(order, "consumed", "Shipped", consumed)
    return len(consumed)


def _lines_and_levels(order: Order, warehouse: Warehouse) -> list[tuple[OrderLine, StockLevel]]:
    # Sorted, so that two orders for the same products lock the levels in the same order.
    lines = OrderLine.objects.filter(order=order).order_by("product_id", "position")
    levels = {
        level.product_id: level
        for level in StockLevel.objects.filter(
            warehouse=warehouse, product__order_lines__order=order
        ).select_related("warehouse", "product")
    }
    pairs = [(line, _level_for(line, levels, order, warehouse)) for line in lines]
    if not pairs:
        raise NoLines(order.number)
    return pairs


def _level_for(
    line: OrderLine, levels: Mapping[int, StockLevel], order: Order, warehouse: Warehouse
) -> StockLevel:
    if line.product_id is None:
        raise NothingToReserve(order.number, line.sku)
    if line.product_id not in levels:
        raise OutOfStock(warehouse.code, line.sku, line.quantity, 0)
    return levels[line.product_id]


def _open_reservations(order: Order) -> QuerySet[Reservation]:
    """In the order in which transfers and other orders lock the levels, too."""
    return (
        Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
        .select_related("line", "level__warehouse", "level__product")
        .order_by("level__warehouse_id", "level__product_id", "id")
    )


def _close(order: Order, state: ReservationState) -> list[Reservation]:
    """Claim the open reservations, each by a conditional UPDATE."""
    now = timezone.now()
    return [
        reservation
        for reservation in _open_reservations(order)
        if Reservation.objects.filter(pk=reservation.pk, state=ReservationState.OPEN).update(
            state=state, closed_at=now
        )
    ]


def _move(use: Callable[..., StockMovement], reservation: Reservation, order: Order) -> None:
    use(
        warehouse=reservation.level.warehouse,
        product=reservation.level.product,
        quantity=reservation.quantity,
        reason=ReasonCode.ORDER,
        document=order.number,
        # One reservation is reserved, released and consumed once each, whatever runs twice.
        key=f"reservation:{reservation.pk}:{use.__name__}",
    )


def _tell(order: Order, kind: str, verb: str, reservations: Sequence[Reservation]) -> None:
    if not reservations:
        return
    told = [
        {"warehouse": row.level.warehouse.code, "sku": row.line.sku, "quantity": row.quantity}
        for row in reservations
    ]
    units = sum(row.quantity for row in reservations)
    places = ", ".join(sorted({row.level.warehouse.code for row in reservations}))
    write_event(order, kind, f"{verb} {units} units in {places}.", reservations=told)
