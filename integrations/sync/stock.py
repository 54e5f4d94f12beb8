"""Their stock beside ours: stored for comparison, never taken over."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from integrations.models import RemoteId, RemoteKind, StockSnapshot
from integrations.platforms.remote import RemoteStock
from warehouses.models import Product, Warehouse


def keep_stock(platform: str, items: Sequence[RemoteStock]) -> None:
    """Snapshots of what is mapped on both sides; the rest is on the list of things to map."""
    places = _warehouses(platform, {each.warehouse_remote_id for each in items})
    products = _products(platform, items)
    now = timezone.now()
    rows = {
        (places[each.warehouse_remote_id], products[each.product_remote_id]): each
        for each in items
        if each.warehouse_remote_id in places and each.product_remote_id in products
    }
    StockSnapshot.objects.bulk_create(
        [
            StockSnapshot(
                platform=platform,
                warehouse_id=warehouse,
                product_id=product,
                on_hand=each.on_hand,
                available=each.available,
                is_endless=each.is_endless,
                at=now,
            )
            for (warehouse, product), each in rows.items()
        ],
        update_conflicts=True,
        unique_fields=["platform", "warehouse", "product"],
        update_fields=["on_hand", "available", "is_endless", "at"],
    )


def _warehouses(platform: str, theirs: set[str]) -> dict[str, int]:
    codes = RemoteId.objects.filter(
        platform=platform, kind=RemoteKind.WAREHOUSE, theirs__in=theirs
    ).values_list("theirs", "ours")
    keys = dict(Warehouse.objects.values_list("code", "pk"))
    return {their_id: keys[code] for their_id, code in codes if code in keys}


def _products(platform: str, items: Sequence[RemoteStock]) -> dict[str, int]:
    """A mapping first, else the SKU."""
    ids = {each.product_remote_id for each in items}
    mapped = dict(
        RemoteId.objects.filter(
            platform=platform, kind=RemoteKind.PRODUCT, theirs__in=ids
        ).values_list("theirs", "ours")
    )
    skus = {each.product_remote_id: mapped.get(each.product_remote_id, each.sku) for each in items}
    ours = Product.objects.by_sku(sku for sku in skus.values() if sku)
    keys = {sku.upper(): pk for sku, pk in ours.values_list("sku", "pk")}
    return {their_id: keys[sku.upper()] for their_id, sku in skus.items() if sku.upper() in keys}


def forget_old_stock(platform: str, started_at: datetime) -> None:
    """After the last page: what the platform no longer lists."""
    StockSnapshot.objects.filter(platform=platform, at__lt=started_at).delete()
