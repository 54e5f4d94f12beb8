"""Goods come in."""

from warehouses.models import MovementKind, Product, ReasonCode, StockMovement, Warehouse
from warehouses.services.checks import check_quantity
from warehouses.services.ledger import Movement, Paper, record_movement


def receive_stock(
    *,
    warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> StockMovement:
    """Put units on hand, creating the level when the product is new there.

    Raises NotAQuantity, IncompleteMovement, TooMuchStock, MovementAlreadyRecorded.
    """
    check_quantity(quantity)
    paper = Paper(reason, document, key, note)
    movement = Movement(MovementKind.RECEIVE, paper, on_hand_change=quantity)
    return record_movement(warehouse, product, movement)
