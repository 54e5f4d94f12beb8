"""Units are promised to many orders at once, in a fixed number of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone

from core.actor import current_actor
from core.bulk import insert_many
from core.correlation import correlation_id
from warehouses.models import MovementKind, ReasonCode, StockLevel, StockMovement
from warehouses.services.checks import check_quantity


@dataclass(frozen=True, slots=True)
class Promise:
    """Units of one level for one document; the same key never moves twice."""

    level_id: int
    quantity: int
    document: str
    key: str


@transaction.atomic
def reserve_many(promises: Sequence[Promise]) -> None:
    """Promise all of it; ask `lock_levels` first, in the same transaction.

    Raises NotAQuantity, and IntegrityError for a key that has moved before.
    """
    for promise in promises:
        check_quantity(promise.quantity)
    wanted = _wanted(promises)
    levels = _locked(wanted)
    _reserve(wanted)
    insert_many(_ledger(promises, levels))


@transaction.atomic
def lock_levels(level_ids: Iterable[int]) -> dict[int, int]:
    """Lock the levels and tell how many units each can still promise, safety stock kept back.

    The locks last as long as the caller's transaction; an id that does not exist is left out.
    """
    return {pk: max(0, _spare(level)) for pk, level in _locked(level_ids).items()}


def _spare(level: StockLevel) -> int:
    return level.on_hand - level.reserved - level.safety_stock


def _wanted(promises: Sequence[Promise]) -> Counter[int]:
    wanted: Counter[int] = Counter()
    for promise in promises:
        wanted[promise.level_id] += promise.quantity
    return wanted


def _locked(level_ids: Iterable[int]) -> dict[int, StockLevel]:
    """In the order in which single reservations and transfers lock them, too."""
    levels = StockLevel.objects.select_for_update().filter(pk__in=list(level_ids))
    return {level.pk: level for level in levels.order_by("warehouse_id", "product_id")}


def _reserve(wanted: Mapping[int, int]) -> None:
    """One UPDATE; the table's own constraint refuses more than is on hand."""
    units = Case(
        *(When(pk=pk, then=Value(quantity)) for pk, quantity in wanted.items()),
        output_field=IntegerField(),
    )
    StockLevel.objects.filter(pk__in=list(wanted)).update(
        reserved=F("reserved") + units, updated_at=timezone.now()
    )


def _ledger(promises: Sequence[Promise], levels: Mapping[int, StockLevel]) -> list[StockMovement]:
    """One row each, with the balances as if they had come one after the other."""
    now, actor = timezone.now(), current_actor.get()
    reserved = {pk: level.reserved for pk, level in levels.items()}
    rows = []
    for promise in promises:
        reserved[promise.level_id] += promise.quantity
        rows.append(
            StockMovement(
                level_id=promise.level_id,
                kind=MovementKind.RESERVE,
                on_hand_change=0,
                reserved_change=promise.quantity,
                on_hand_after=levels[promise.level_id].on_hand,
                reserved_after=reserved[promise.level_id],
                reason=ReasonCode.ORDER,
                document=promise.document,
                key=promise.key,
                actor_id=actor.user_id,
                actor_label=actor.label,
                correlation_id=correlation_id.get(),
                at=now,
            )
        )
    return rows
