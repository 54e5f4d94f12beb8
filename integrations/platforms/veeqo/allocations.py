"""Which steps bring an order's allocations to our warehouse. Pure.

Veeqo allocates by itself, from the channel's default warehouse, and splits when stock is short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrations.platforms.errors import Refused
from integrations.platforms.veeqo.answers import Allocation


@dataclass(frozen=True, slots=True)
class Keep:
    """It is as we want it."""

    allocation: Allocation


@dataclass(frozen=True, slots=True)
class Change:
    """One allocation, to be moved or filled up."""

    allocation_id: str


@dataclass(frozen=True, slots=True)
class Rebuild:
    """None, or several: remove these, then make one."""

    allocation_ids: tuple[str, ...]


def plan(
    allocations: Sequence[Allocation], warehouse_id: str, units: Mapping[str, int]
) -> Keep | Change | Rebuild:
    """The next step towards one allocation of all units at our warehouse.

    Raises Refused when goods have already left from elsewhere.
    """
    ours = [each for each in allocations if is_ours(each, warehouse_id, units)]
    if ours and len(allocations) == 1:
        return Keep(ours[0])
    if any(each.label and each.label.is_bought for each in allocations):
        places = ", ".join(sorted({each.warehouse_id or "unknown" for each in allocations}))
        raise Refused(f"it already has a shipment, from warehouse {places} not {warehouse_id}")
    if len(allocations) == 1:
        return Change(allocations[0].id)
    return Rebuild(tuple(each.id for each in allocations))


def is_ours(allocation: Allocation, warehouse_id: str, units: Mapping[str, int]) -> bool:
    return allocation.warehouse_id == warehouse_id and dict(allocation.units) == dict(units)
