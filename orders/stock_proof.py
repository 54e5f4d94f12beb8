"""Proves that stock is what its ledger says, and reserved is what orders were promised.

Each check is one statement, so it sees one moment even while orders are being reserved.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Lead

from orders.models import Reservation, ReservationState
from warehouses.models import StockLevel, StockMovement


@dataclass(frozen=True, slots=True)
class Break:
    """A row that does not add up; `movement` is the ledger row's id, None for the level itself."""

    kind: str
    level: int
    warehouse: str
    sku: str
    movement: int | None
    expected: int
    found: int

    def __str__(self) -> str:
        where = f"{self.sku} in {self.warehouse} (level {self.level}"
        row = f", movement {self.movement})" if self.movement else ")"
        return f"{where}{row}: {_SENTENCES[self.kind].format(self.expected, self.found)}"


class _Difference(NamedTuple):
    kind: str
    level: int
    movement: int | None
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, the first row that breaks it, and how many break it."""

    levels: int
    movements: int
    open_reservations: int
    breaks: int
    first_break: Break | None

    @property
    def ok(self) -> bool:
        return not self.breaks

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok} | asdict(self)


_SENTENCES = {
    "on_hand_is_not_its_ledger": "its movements add up to {} on hand, the level says {}.",
    "reserved_is_not_its_ledger": "its movements add up to {} reserved, the level says {}.",
    "reserved_is_not_promised": "open reservations add up to {}, the level says {} reserved.",
    "on_hand_after_breaks_the_chain": "the row before leaves {} on hand after it, it says {}.",
    "reserved_after_breaks_the_chain": "the row before leaves {} reserved after it, it says {}.",
}


def prove_stock() -> Proof:
    """Check every level and every movement in five queries, and one more to name what broke."""
    first, breaks = None, 0
    for broken in chain(_broken_levels(), _broken_movements()):
        first, breaks = first or broken, breaks + 1
    return Proof(
        levels=StockLevel.objects.count(),
        movements=StockMovement.objects.count(),
        open_reservations=Reservation.objects.filter(state=ReservationState.OPEN).count(),
        breaks=breaks,
        first_break=first and _named(first),
    )


def _named(broken: _Difference) -> Break:
    level = StockLevel.objects.select_related("warehouse", "product").get(pk=broken.level)
    return Break(
        kind=broken.kind,
        level=level.pk,
        warehouse=level.warehouse.code,
        sku=level.product.sku,
        movement=broken.movement,
        expected=broken.expected,
        found=broken.found,
    )


def _broken_levels() -> Iterator[_Difference]:
    for level in _levels_that_differ().iterator():
        for kind, expected, found in (
            ("on_hand_is_not_its_ledger", level.ledger_on_hand, level.on_hand),
            ("reserved_is_not_its_ledger", level.ledger_reserved, level.reserved),
            ("reserved_is_not_promised", level.promised, level.reserved),
        ):
            if expected != found:
                yield _Difference(kind, level.pk, None, expected, found)


def _levels_that_differ() -> QuerySet[Any]:
    movements = StockMovement.objects.filter(level=OuterRef("pk"))
    promised = Reservation.objects.filter(level=OuterRef("pk"), state=ReservationState.OPEN)
    return (
        StockLevel.objects.annotate(
            ledger_on_hand=_sum(movements, "on_hand_change"),
            ledger_reserved=_sum(movements, "reserved_change"),
            promised=_sum(promised, "quantity"),
        )
        .exclude(on_hand=F("ledger_on_hand"), reserved=F("ledger_reserved"), promised=F("reserved"))
        .order_by("id")
    )


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    of_level = rows.order_by().values("level").annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(of_level), Value(0))


def _broken_movements() -> Iterator[_Difference]:
    for movement, level, *numbers in _movements_that_differ().iterator():
        for kind, (before, change, after) in (
            ("on_hand_after_breaks_the_chain", numbers[:3]),
            ("reserved_after_breaks_the_chain", numbers[3:]),
        ):
            if before + change != after:
                yield _Difference(kind, level, movement, before + change, after)


def _movements_that_differ() -> QuerySet[Any, tuple[int, ...]]:
    # Newest first and looking ahead is the direction of the index on (level, -id).
    def before(column: str) -> Window:
        return Window(Lead(column, default=0), partition_by=F("level"), order_by=F("id").desc())

    return (
        StockMovement.objects.annotate(
            on_hand_before=before("on_hand_after"), reserved_before=before("reserved_after")
        )
        .exclude(
            on_hand_after=F("on_hand_before") + F("on_hand_change"),
            reserved_after=F("reserved_before") + F("reserved_change"),
        )
        .order_by("level_id", "id")
        # Narrow, because the database sorts the whole ledger for this.
        .values_list(
            "id",
            "level_id",
            "on_hand_before",
            "on_hand_change",
            "on_hand_after",
            "reserved_before",
            "reserved_change",
            "reserved_after",
        )
    )
