"""Opening balances: units that go in once, through the ledger, and are never touched again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from warehouses.models import Product, ReasonCode, StockLevel, StockMovement, Warehouse
from warehouses.seed.sheets import Row, read_rows
from warehouses.seed.sync import Tally, refuse_repeats
from warehouses.services import receive_stock
from warehouses.services.checks import MAX_QUANTITY

COLUMNS = [
    "warehouse", "sku", "on_hand", "safety_stock", "reorder_point", "counted_days_ago",
]  # fmt: skip
KEY = "seed:"


@dataclass(frozen=True, slots=True)
class Opening:
    """A level as it begins, still empty, and the units it opens with."""

    level: StockLevel
    units: int

    @property
    def key(self) -> str:
        return f"{KEY}{self.level.warehouse.code}:{self.level.product.sku}"


def load_opening_stock(folder: Path) -> Tally:
    """stock.csv: units; a level that has been opened before is left alone, whatever it holds."""
    openings = _openings(folder)
    recorded = set(StockMovement.objects.filter(key__startswith=KEY).values_list("key", flat=True))
    known = set(StockLevel.objects.values_list("warehouse_id", "product_id"))
    due = [
        o for o in openings if _place(o.level) not in known or (o.units and o.key not in recorded)
    ]
    StockLevel.objects.bulk_create([o.level for o in due if _place(o.level) not in known])
    for opening in due:
        _receive(opening)
    return Tally(created=len(due), unchanged=len(openings) - len(due))


def _openings(folder: Path) -> list[Opening]:
    warehouses = {warehouse.code: warehouse for warehouse in Warehouse.objects.all()}
    rows = read_rows(folder / "stock.csv", COLUMNS)
    listed = Product.objects.by_sku(row.text("sku") for row in rows)
    products = {product.sku: product for product in listed}
    now = timezone.now()
    openings = [_opening(row, warehouses, products, now) for row in rows]
    refuse_repeats([opening.level for opening in openings], _place)
    return openings


def _place(level: StockLevel) -> tuple[int, int]:
    return level.warehouse_id, level.product_id


def _opening(
    row: Row, warehouses: dict[str, Warehouse], products: dict[str, Product], now: datetime
) -> Opening:
    level = row.make(
        StockLevel,
        warehouse=row.pick("warehouse", warehouses),
        product=row.pick("sku", products),
        safety_stock=row.whole("safety_stock"),
        reorder_point=row.whole("reorder_point"),
        counted_at=now - timedelta(days=row.whole("counted_days_ago")),
    )
    units = row.whole("on_hand")
    if units > MAX_QUANTITY:
        raise row.refusal(f"on_hand {units} is more than {MAX_QUANTITY} units")
    return Opening(level, units)


def _receive(opening: Opening) -> None:
    if opening.units:
        receive_stock(
            warehouse=opening.level.warehouse,
            product=opening.level.product,
            quantity=opening.units,
            reason=ReasonCode.OPENING,
            document=f"Opening balance {opening.level.warehouse.code}",
            key=opening.key,
        )
