"""Stock is promised to many orders at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.bulk import insert_many
from orders.models import Reservation
from warehouses.services import Promise, reserve_many


@dataclass(frozen=True, slots=True)
class Allotment:
    """Units of one stock level for one order line."""

    line_id: int
    level_id: int
    quantity: int
    number: str
    """The order's number, for the ledger."""


def reserve_allotments(allotments: Sequence[Allotment]) -> list[Reservation]:
    """Open a reservation for each, in the caller's transaction, with the ledger rows.

    The caller has asked `lock_levels` in the same transaction. Raises IntegrityError when a line
    has an open reservation at that level already.
    """
    reservations = [
        Reservation(line_id=one.line_id, level_id=one.level_id, quantity=one.quantity)
        for one in allotments
    ]
    insert_many(reservations)
    reserve_many(
        [
            # One reservation is reserved once, whatever runs twice.
            Promise(one.level_id, one.quantity, one.number, f"reservation:{row.pk}:reserve")
            for one, row in zip(allotments, reservations, strict=True)
        ]
    )
    return reservations
