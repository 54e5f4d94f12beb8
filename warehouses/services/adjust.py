"""The count differs from the books."""

from warehouses.models import MovementKind, Product, ReasonCode, StockMovement, Warehouse
from warehouses.services.checks import check_change
from warehouses.services.ledger import Movement, Paper, record_movement


def adjust_stock(
    *,
    warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> StockMovement:
    """Change units on hand by `quantity`, up or down; a count also sets `counted_at`.

    Raises NotAQuantity, IncompleteMovement, StockWouldGoNegative when less would be left than
    is reserved, TooMuchStock, MovementAlreadyRecorded.
    """
    check_change(quantity)
    paper = Paper(reason, document, key, note)
    movement = Movement(MovementKind.ADJUST, paper, on_hand_change=quantity)
    return record_movement(warehouse, product, movement)
