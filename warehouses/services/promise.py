"""Units are promised to an order, let go again, or shipped."""

from warehouses.models import MovementKind, Product, ReasonCode, StockMovement, Warehouse
from warehouses.services.checks import check_quantity
from warehouses.services.ledger import Movement, Paper, record_movement


def reserve(
    *,
    warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> StockMovement:
    """Promise free units; safety stock counts as free, for routing alone keeps it back.

    Raises NotAQuantity, IncompleteMovement, OutOfStock, MovementAlreadyRecorded.
    """
    check_quantity(quantity)
    paper = Paper(reason, document, key, note)
    movement = Movement(MovementKind.RESERVE, paper, reserved_change=quantity)
    return record_movement(warehouse, product, movement)


def release(
    *,
    warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> StockMovement:
    """Take a promise back: the units are free again.

    Raises NotAQuantity, IncompleteMovement, NothingReserved, MovementAlreadyRecorded.
    """
    check_quantity(quantity)
    paper = Paper(reason, document, key, note)
    movement = Movement(MovementKind.RELEASE, paper, reserved_change=-quantity)
    return record_movement(warehouse, product, movement)


def consume(
    *,
    warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> StockMovement:
    """Keep a promise: reserved units leave the building.

    Raises NotAQuantity, IncompleteMovement, NothingReserved, MovementAlreadyRecorded.
    """
    check_quantity(quantity)
    paper = Paper(reason, document, key, note)
    movement = Movement(
        MovementKind.CONSUME, paper, on_hand_change=-quantity, reserved_change=-quantity
    )
    return record_movement(warehouse, product, movement)
