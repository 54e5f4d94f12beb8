"""The one place where stock numbers move: a conditional UPDATE and its ledger row, together."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.actor import current_actor
from core.correlation import correlation_id
from warehouses.errors import (
    MovementAlreadyRecorded,
    NothingReserved,
    OutOfStock,
    StockWouldGoNegative,
    TooMuchStock,
    WarehouseError,
)
from warehouses.models import (
    MovementKind,
    Product,
    ReasonCode,
    StockLevel,
    StockMovement,
    Warehouse,
)
from warehouses.services.checks import check_paper

MAX_ON_HAND = 1_000_000_000
"""Units; below what PostgreSQL's integer holds, so that no sum can overflow it."""

_COUNTS = frozenset({ReasonCode.COUNT, ReasonCode.SYNC})


@dataclass(frozen=True, slots=True)
class Paper:
    """What a ledger row refers to; the same key never moves twice."""

    reason: ReasonCode
    document: str
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One wish to move stock; the changes are signed units."""

    kind: MovementKind
    paper: Paper
    on_hand_change: int = 0
    reserved_change: int = 0


def record_movement(warehouse: Warehouse, product: Product, movement: Movement) -> StockMovement:
    """Move the numbers and write the ledger row, or neither.

    Raises MovementAlreadyRecorded, IncompleteMovement, TooMuchStock, and what the kind
    refuses with: OutOfStock, NothingReserved or StockWouldGoNegative.
    """
    check_paper(**asdict(movement.paper))
    try:
        with transaction.atomic():
            return _move(warehouse, product, movement)
    except IntegrityError as error:
        # Asked only now, because the unique key is the judge and a check beforehand would race.
        if is_recorded(movement.paper.key):
            raise MovementAlreadyRecorded(movement.paper.key) from error
        raise


def ensure_level(warehouse: Warehouse, product: Product) -> None:
    """Create the missing level with nothing in it; of two processes one creates it."""
    StockLevel.objects.bulk_create(
        [StockLevel(warehouse=warehouse, product=product)], ignore_conflicts=True
    )


def is_recorded(key: str) -> bool:
    return StockMovement.objects.filter(key=key).exists()


def _move(warehouse: Warehouse, product: Product, movement: Movement) -> StockMovement:
    now = timezone.now()
    moved = _change_numbers(warehouse, product, movement, now)
    if not moved and movement.on_hand_change > 0:
        ensure_level(warehouse, product)
        moved = _change_numbers(warehouse, product, movement, now)
    if not moved:
        raise _refusal(warehouse, product, movement)
    # This transaction holds the row since the UPDATE, so nobody can have moved it in between.
    level = StockLevel.objects.get(warehouse=warehouse, product=product)
    actor = current_actor.get()
    return StockMovement.objects.create(
        level=level,
        kind=movement.kind,
        on_hand_change=movement.on_hand_change,
        reserved_change=movement.reserved_change,
        on_hand_after=level.on_hand,
        reserved_after=level.reserved,
        **asdict(movement.paper),
        actor_id=actor.user_id,
        actor_label=actor.label,
        correlation_id=correlation_id.get(),
        at=now,
    )


def _change_numbers(
    warehouse: Warehouse, product: Product, movement: Movement, now: datetime
) -> bool:
    """Check and change in one statement: 0 ≤ reserved ≤ on hand ≤ the most we hold."""
    on_hand, reserved = movement.on_hand_change, movement.reserved_change
    possible = StockLevel.objects.filter(
        warehouse=warehouse,
        product=product,
        on_hand__gte=F("reserved") + (reserved - on_hand),
        on_hand__lte=MAX_ON_HAND - on_hand,
        reserved__gte=-reserved,
    )
    counted = {"counted_at": now} if movement.paper.reason in _COUNTS else {}
    return bool(
        possible.update(
            on_hand=F("on_hand") + on_hand,
            reserved=F("reserved") + reserved,
            updated_at=now,
            **counted,
        )
    )


def _refusal(warehouse: Warehouse, product: Product, movement: Movement) -> WarehouseError:
    """Say why the UPDATE found no row to change."""
    if is_recorded(movement.paper.key):
        return MovementAlreadyRecorded(movement.paper.key)
    where, sku = warehouse.code, product.sku
    on_hand, reserved = _numbers(warehouse, product)
    if on_hand + movement.on_hand_change > MAX_ON_HAND:
        return TooMuchStock(where, sku, on_hand, movement.on_hand_change, MAX_ON_HAND)
    match movement.kind:
        case MovementKind.RELEASE | MovementKind.CONSUME:
            return NothingReserved(where, sku, -movement.reserved_change, reserved)
        case MovementKind.ADJUST:
            return StockWouldGoNegative(where, sku, movement.on_hand_change, on_hand, reserved)
    wanted = movement.reserved_change or -movement.on_hand_change
    return OutOfStock(where, sku, wanted, on_hand - reserved)


def _numbers(warehouse: Warehouse, product: Product) -> tuple[int, int]:
    levels = StockLevel.objects.filter(warehouse=warehouse, product=product)
    return levels.values_list("on_hand", "reserved").first() or (0, 0)
