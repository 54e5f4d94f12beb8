"""How much to keep back and when to reorder."""

from django.db import transaction
from django.utils import timezone

from core.audit import record_audit
from warehouses.errors import NotAQuantity, PolicyChangedMeanwhile
from warehouses.models import Product, StockLevel, Warehouse
from warehouses.services.checks import MAX_QUANTITY
from warehouses.services.ledger import ensure_level


@transaction.atomic
def set_stock_policy(
    *, warehouse: Warehouse, product: Product, safety_stock: int, reorder_point: int
) -> StockLevel:
    """Set the units routing keeps back and the units at which to reorder; leaves an audit event.

    Raises NotAQuantity, PolicyChangedMeanwhile when somebody else set them just now.
    """
    policy = {"safety_stock": safety_stock, "reorder_point": reorder_point}
    for units in policy.values():
        _check_units(units)
    level = _level(warehouse, product)
    before = {name: getattr(level, name) for name in policy}
    if before == policy:
        return level
    if not StockLevel.objects.filter(pk=level.pk, **before).update(
        updated_at=timezone.now(), **policy
    ):
        raise PolicyChangedMeanwhile(warehouse.code, product.sku)
    record_audit("set_stock_policy", level, before=before, after=policy)
    level.refresh_from_db()
    return level


def _level(warehouse: Warehouse, product: Product) -> StockLevel:
    ensure_level(warehouse, product)
    return StockLevel.objects.get(warehouse=warehouse, product=product)


def _check_units(units: int) -> None:
    if isinstance(units, bool) or not isinstance(units, int) or not 0 <= units <= MAX_QUANTITY:
        raise NotAQuantity(units, f"a whole number from 0 to {MAX_QUANTITY:,}")
