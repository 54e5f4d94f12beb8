"""Stock is promised to an order, let go again, or shipped with it."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orders.errors import AlreadyReserved, NoLines, NothingToReserve
from orders.models import Order, OrderLine, Reservation, ReservationState
from orders.parts import Part, parts_of
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
    return _reserve(order, [(warehouse, line, line.quantity) for line in _lines(order)])


@transaction.atomic
def reserve_route(order: Order) -> list[Reservation]:
    """Reserve the order as it is routed: each part where it ships from, or nothing of it.

    What was left out stays so. Raises what reserve_lines raises.
    """
    take_turn(order)
    lines = _lines(order)
    parts = [part for part in parts_of(order) if not part.is_left_out]
    return _reserve(order, [each for part in parts for each in _wanted(part, lines)])


@transaction.atomic
def release_reservations(order: Order, *, warehouse: Warehouse | None = None) -> int:
    """Let go of everything still reserved, or of what is in one warehouse.

    Returns how many reservations that closed. Doing it twice changes nothing the second time.
    """
    take_turn(order)
    released = _close(order, ReservationState.RELEASED, warehouse)
    for reservation in released:
        _move(stock.release, reservation, order)
    _tell(order, "released", "Released", released)
    return len(released)


@transaction.atomic
def consume_reservations(order: Order, *, warehouse: Warehouse | None = None) -> int:
    """Ship everything reserved, or what is in one warehouse, so that it leaves the books.

    Returns how many reservations that closed. Doing it twice changes nothing the second time.
    """
    take_turn(order)
    consumed = _close(order, ReservationState.CONSUMED, warehouse)
    for reservation in consumed:
        _move(stock.consume, reservation, order)
    _tell(order, "consumed", "Shipped", consumed)
    return len(consumed)


_Wanted = tuple[Warehouse, OrderLine, int]


def _lines(order: Order) -> list[OrderLine]:
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    if not lines:
        raise NoLines(order.number)
    return lines


def _wanted(part: Part, lines: Sequence[OrderLine]) -> list[_Wanted]:
    if part.warehouse is None:
        return []
    units = {line.pk: line.quantity for line in lines} if part.units is None else part.units
    return [(part.warehouse, line, units[line.pk]) for line in lines if line.pk in units]


def _reserve(order: Order, wanted: Sequence[_Wanted]) -> list[Reservation]:
    if _open_reservations(order).exists():
        raise AlreadyReserved(order.number)
    # Sorted, so that two orders for the same products lock the levels in the same order.
    in_turn = sorted(wanted, key=lambda one: (one[0].pk, one[1].product_id or 0, one[1].position))
    levels = _levels(order, {warehouse.pk for warehouse, _line, _units in wanted})
    reservations = Reservation.objects.bulk_create(
        Reservation(line=one[1], level=_level_for(one, levels, order), quantity=one[2])
        for one in in_turn
    )
    for reservation in reservations:
        _move(stock.reserve, reservation, order)
    _tell(order, "reserved", "Reserved", reservations)
    return reservations


def _levels(order: Order, warehouses: set[int]) -> dict[tuple[int, int], StockLevel]:
    rows = StockLevel.objects.filter(
        warehouse__in=warehouses, product__order_lines__order=order
    ).select_related("warehouse", "product")
    return {(level.warehouse_id, level.product_id): level for level in rows}


def _level_for(
    wanted: _Wanted, levels: dict[tuple[int, int], StockLevel], order: Order
) -> StockLevel:
    warehouse, line, units = wanted
    if line.product_id is None:
        raise NothingToReserve(order.number, line.sku)
    level = levels.get((warehouse.pk, line.product_id))
    if level is None:
        raise OutOfStock(warehouse.code, line.sku, units, 0)
    return level


def _open_reservations(order: Order) -> QuerySet[Reservation]:
    """In the order in which transfers and other orders lock the levels, too."""
    return (
        Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
        .select_related("line", "level__warehouse", "level__product")
        .order_by("level__warehouse_id", "level__product_id", "id")
    )


def _close(order: Order, state: ReservationState, warehouse: Warehouse | None) -> list[Reservation]:
    """Claim the open reservations, each by a conditional UPDATE."""
    now, still = timezone.now(), _open_reservations(order)
    return [
        reservation
        for reservation in (still.filter(level__warehouse=warehouse) if warehouse else still)
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
