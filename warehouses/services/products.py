"""A catalogue is taken over: new products are added, known ones brought up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import record_audit, snapshot
from warehouses.models import Product


@dataclass(frozen=True, slots=True)
class ProductOutcome:
    """created, updated, unchanged or failed; `problems` maps a field to what is wrong with it."""

    sku: str
    state: str
    problems: Mapping[str, Sequence[str]]


def save_products(
    batch: Sequence[Mapping[str, Any]], *, is_dry_run: bool = False
) -> list[ProductOutcome]:
    """Write each product by its SKU; only the fields that are given are touched.

    A product that is not valid is left out and told; the same batch again changes nothing.
    """
    with transaction.atomic():
        known = _known(batch)
        return [_save(values, known, is_dry_run) for values in batch]


def _known(batch: Sequence[Mapping[str, Any]]) -> dict[str, Product]:
    skus = {str(values.get("sku", "")) for values in batch}
    return {product.sku.upper(): product for product in Product.objects.by_sku(skus)}


def _save(values: Mapping[str, Any], known: dict[str, Product], is_dry_run: bool) -> ProductOutcome:
    sku = str(values.get("sku", ""))
    product = known.get(sku.upper())
    is_new = product is None
    product = product or Product(sku=sku)
    before = {} if is_new else snapshot(product)
    for name, value in values.items():
        if name != "sku":
            setattr(product, name, value)
    try:
        product.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        known.pop(sku.upper(), None)
        return ProductOutcome(sku, "failed", error.message_dict)
    known[sku.upper()] = product
    after = snapshot(product)
    if not is_new and after == before:
        return ProductOutcome(sku, "unchanged", {})
    if not is_dry_run:
        product.save()
        record_audit("add" if is_new else "change", product, before=before, after=snapshot(product))
    return ProductOutcome(sku, "created" if is_new else "updated", {})
