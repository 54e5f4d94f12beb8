"""Goods go from one warehouse to another."""

from dataclasses import replace

from django.db import transaction

from warehouses.errors import MovementAlreadyRecorded, SameWarehouse
from warehouses.models import MovementKind, Product, ReasonCode, StockMovement, Warehouse
from warehouses.services.checks import check_quantity, check_text
from warehouses.services.ledger import Movement, Paper, record_movement


def transfer_stock(
    *,
    from_warehouse: Warehouse,
    to_warehouse: Warehouse,
    product: Product,
    quantity: int,
    reason: ReasonCode,
    document: str,
    key: str,
    note: str = "",
) -> tuple[StockMovement, StockMovement]:
    """Take free units out of one warehouse and put them into another, both or neither.

    The two ledger rows, returned as (out, in), have the keys `<key>:out` and `<key>:in`.
    Raises SameWarehouse, NotAQuantity, IncompleteMovement, OutOfStock, TooMuchStock,
    MovementAlreadyRecorded.
    """
    if from_warehouse == to_warehouse:
        raise SameWarehouse(from_warehouse.code)
    check_quantity(quantity)
    check_text("key", key)
    paper = Paper(reason, document, f"{key}:out", note)
    out = Movement(MovementKind.TRANSFER_OUT, paper, on_hand_change=-quantity)
    paper = replace(paper, key=f"{key}:in")
    into = Movement(MovementKind.TRANSFER_IN, paper, on_hand_change=quantity)
    try:
        return _both(from_warehouse, to_warehouse, product, out, into)
    except MovementAlreadyRecorded as error:
        raise MovementAlreadyRecorded(key) from error


@transaction.atomic
def _both(
    from_warehouse: Warehouse,
    to_warehouse: Warehouse,
    product: Product,
    out: Movement,
    into: Movement,
) -> tuple[StockMovement, StockMovement]:
    # Two transfers in opposite directions must lock the two levels in the same order.
    legs = sorted([(from_warehouse, out), (to_warehouse, into)], key=lambda leg: leg[0].pk)
    recorded = {
        movement.kind: record_movement(warehouse, product, movement) for warehouse, movement in legs
    }
    return recorded[MovementKind.TRANSFER_OUT], recorded[MovementKind.TRANSFER_IN]
