"""What is sold, as the readers of texts and files ask for it."""

from collections.abc import Collection

from warehouses.models import Product


def known_skus() -> Collection[str]:
    """Every SKU as it is written in the catalogue."""
    return frozenset(Product.objects.order_by().values_list("sku", flat=True))
