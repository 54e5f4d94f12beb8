"""The catalogue, from its sheet."""

from pathlib import Path

from warehouses.models import Product
from warehouses.seed.sheets import Row, read_rows
from warehouses.seed.sync import Tally, sync

TEXTS = [
    "sku", "title", "barcode", "category", "currency", "hs_code", "origin_country",
    "customs_description", "battery",
]  # fmt: skip
SIZES = ["weight_grams", "length_mm", "width_mm", "height_mm"]
COLUMNS = [*TEXTS, *SIZES, "value", "is_hazmat"]


def load_products(folder: Path) -> Tally:
    """products.csv: grams and millimetres as packed, value of one unit for sale and customs."""
    wanted = [_product(row) for row in read_rows(folder / "products.csv", COLUMNS)]
    existing = Product.objects.by_sku(product.sku for product in wanted)
    return sync(wanted, existing, lambda product: product.sku.upper())


def _product(row: Row) -> Product:
    return row.make(
        Product,
        value=row.amount("value"),
        is_hazmat=row.flag("is_hazmat"),
        **{column: row.text(column) for column in TEXTS},
        **{column: row.whole(column) for column in SIZES},
    )
