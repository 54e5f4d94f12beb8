"""What is where, read in one query for any number of products."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Upper

from warehouses.models import StockLevel


@dataclass(frozen=True, slots=True)
class Availability:
    """Units of one product in one warehouse; `free` is not reserved and includes safety stock."""

    on_hand: int
    reserved: int
    safety_stock: int
    counted_at: datetime | None

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


def stock_by_warehouse(skus: Iterable[str]) -> dict[str, dict[str, Availability]]:
    """Map warehouse code → SKU in capitals → availability; never held there means absent."""
    levels = (
        StockLevel.objects.annotate(upper_sku=Upper("product__sku"))
        .filter(upper_sku__in={sku.upper() for sku in skus})
        .order_by()
        .select_related("warehouse", "product")
    )
    stock: dict[str, dict[str, Availability]] = defaultdict(dict)
    for level in levels:
        stock[level.warehouse.code][level.product.sku.upper()] = Availability(
            on_hand=level.on_hand,
            reserved=level.reserved,
            safety_stock=level.safety_stock,
            counted_at=level.counted_at,
        )
    return dict(stock)
