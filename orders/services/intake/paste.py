"""Pasted text is understood with the product's own ZIP table and catalogue."""

from collections.abc import Iterator

from orders.intake.files import read_pasted_table
from orders.intake.files.skus import KnownSkus
from orders.intake.parsed import ParsedOrder, Remark, Severity, Understanding
from orders.intake.paste.reading import PASTE, read_paste
from orders.services.intake.catalogue import known_skus
from orders.services.places import TablePlaces


def understand(text: str) -> Understanding:
    """Read the text; nothing is written. Never raises for anything that can be typed."""
    return read_paste(text, TablePlaces(), known_skus(), table_reader=read_pasted_table)


def parse(text: str) -> Understanding:
    """What `understand` gives, with a remark for each SKU that the catalogue does not have.

    For answers that no check follows; a page of the admin shows the findings of the checks instead.
    """
    understood = understand(text)
    if understood.format == PASTE and any(order.lines for order in understood.orders):
        skus = KnownSkus(known_skus())
        understood.remarks += [r for order in understood.orders for r in _unknown(order, skus)]
    return understood


def _unknown(order: ParsedOrder, skus: KnownSkus) -> Iterator[Remark]:
    for line in order.lines:
        if line.sku and not skus.find(line.sku):
            said = f"The SKU {line.sku[:64]} is not in the catalogue.{skus.nearest(line.sku)}"
            yield Remark(line.row, "sku", Severity.WARNING, "sku_unknown", said)
