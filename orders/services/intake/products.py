"""A file of products is taken into the catalogue."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from orders.intake.catalogue import CatalogueReading, ReadProduct, read_catalogue
from orders.intake.parsed import Remark, Severity
from orders.services.imports.limits import limits
from warehouses.services import ProductOutcome, save_products

CHUNK = 500
"""Products written in one transaction."""


@dataclass(slots=True)
class ProductImport:
    """Iterating reads and writes; each step gives the product's row, SKU, state and remarks."""

    source: BinaryIO | Path
    name: str
    is_dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    reading: CatalogueReading | None = None

    def __iter__(self) -> Iterator[tuple[ReadProduct, ProductOutcome, list[Remark]]]:
        self.reading = read_catalogue(self.source, name=self.name, limits=limits())
        products = iter(self.reading)
        while chunk := list(islice(products, CHUNK)):
            outcomes = iter(self._save([read for read in chunk if read.is_usable]))
            for read in chunk:
                outcome = next(outcomes) if read.is_usable else _unusable(read)
                self.counts[outcome.state] += 1
                yield read, outcome, [*read.remarks, *_remarks(read, outcome)]

    def _save(self, chunk: list[ReadProduct]) -> list[ProductOutcome]:
        return save_products([values_of(read) for read in chunk], is_dry_run=self.is_dry_run)


def values_of(read: ReadProduct) -> dict[str, Any]:
    """The fields that the row gives, in the product's own types."""
    values = {name: value for name, value in asdict(read.product).items() if value is not None}
    return values | ({"value": Decimal(values["value"])} if "value" in values else {})


def _unusable(read: ReadProduct) -> ProductOutcome:
    return ProductOutcome(read.product.sku, "failed", {})


def _remarks(read: ReadProduct, outcome: ProductOutcome) -> Iterator[Remark]:
    for name, said in outcome.problems.items():
        yield Remark(read.row, name, Severity.ERROR, "not_valid", " ".join(said))
