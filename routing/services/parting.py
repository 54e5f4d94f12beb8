"""The parts of split orders are kept, so that each can be sent as a parcel of its own."""

from collections.abc import Sequence
from decimal import Decimal

from orders.services.splits import NewPart, forget_parts, write_parts
from routing.result import Candidate
from routing.services.batch import Batch, Decided


def keep_parts(batch: Batch, settled: Sequence[Decided]) -> None:
    """Replace what was kept before; costs nothing for orders that were whole and stay so."""
    stale = [one.loaded.order.pk for one in settled if one.loaded.order.parcels > 1]
    if stale:
        forget_parts(stale)
    split = {
        one.loaded.order.pk: [_part(batch, one, part) for part in chosen.parts]
        for one in settled
        if (chosen := one.decision.chosen) and chosen.is_split
    }
    if split:
        write_parts(split)


def _part(batch: Batch, one: Decided, part: Candidate) -> NewPart:
    lines = {line.position: line.pk for line in one.loaded.lines}
    return NewPart(
        batch.warehouses[part.warehouse],
        batch.services[part.service],
        {lines[row.position]: row.quantity for row in part.allocations},
        Decimal(part.estimate.cents).scaleb(-2) if part.estimate else None,
        part.estimate.currency if part.estimate else "",
    )
