"""A catalogue file being read: one product after the other, with remarks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from orders.intake.catalogue.columns import CatalogueHeader, read_catalogue_header
from orders.intake.catalogue.products import ParsedProduct, read_product
from orders.intake.cells.text import shorten
from orders.intake.files.noting import Notes
from orders.intake.parsed import Remark, Severity
from orders.intake.tables import DEFAULT_LIMITS, FileRefused, Limits, Table, head, open_tables

_MOST_SKUS = 2_000_000


@dataclass(slots=True)
class ReadProduct:
    """One product and what is odd about its row."""

    product: ParsedProduct
    row: int
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return all(remark.severity is not Severity.ERROR for remark in self.remarks)


@dataclass
class CatalogueReading:
    """The answer to a catalogue file; iterate it for the products."""

    columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    header_row: int = 0
    remarks: list[Remark] = field(default_factory=list)
    is_refused: bool = False
    _table: Table | None = None
    _header: CatalogueHeader | None = None

    def __iter__(self) -> Iterator[ReadProduct]:
        if self._table is None or self._header is None:
            return
        seen: dict[str, int] = {}
        decimal_comma = self._table.delimiter == ";"
        try:
            for number, cells in self._table.rows():
                if number > self.header_row and any(cell.strip() for cell in cells):
                    yield _read(self._header, number, cells, decimal_comma, seen)
        except FileRefused as refusal:
            self.remarks.append(_remark(refusal))


def _read(
    header: CatalogueHeader,
    number: int,
    cells: list[str],
    decimal_comma: bool,
    seen: dict[str, int],
) -> ReadProduct:
    notes = Notes()
    product = read_product(header, number, cells, decimal_comma, notes)
    key = product.sku.casefold()
    if key and (first := seen.get(key)):
        text = f"The SKU {shorten(product.sku)} stands in row {first} too. Keep one of the rows."
        notes.error(number, "sku", "sku_twice", text)
    elif key and len(seen) < _MOST_SKUS:
        seen[key] = number
    return ReadProduct(product, number, notes.remarks)


def read_catalogue(
    source: BinaryIO | Path, *, name: str, limits: Limits = DEFAULT_LIMITS
) -> CatalogueReading:
    """Understand the header of a catalogue file; iterate the result for the products.

    A file that cannot be read is answered by a refused reading with one remark.
    """
    try:
        table, row, header = _choose(open_tables(source, limits))
        _refuse_empty(table, row)
    except FileRefused as refusal:
        return CatalogueReading(remarks=[_remark(refusal)], is_refused=True)
    mapping = {name: header.columns[place] for name, place in header.fields.items()}
    reading = CatalogueReading(header.columns, header.unknown, mapping, row)
    reading._table, reading._header = table, header
    if header.unknown:
        named = shorten(", ".join(header.unknown[:20]), 300)
        text = f"{len(header.unknown)} columns are unknown and were not read: {named}."
        reading.remarks.append(Remark(None, "header", Severity.INFO, "unknown_columns", text))
    return reading


def _choose(tables: list[Table]) -> tuple[Table, int, CatalogueHeader]:
    best: tuple[Table, int, CatalogueHeader] | None = None
    problem: FileRefused | None = None
    for table in tables:
        try:
            top = head(table)
        except FileRefused as refusal:
            problem = refusal
            continue
        for number, cells in top:
            header = read_catalogue_header(cells)
            if best is None or len(header.fields) > len(best[2].fields):
                best = table, number, header
    if best is None or not best[2].fields:
        raise problem or _no_products("No row names columns that we know.")
    if "sku" not in best[2].fields or len(best[2].fields) < 2:
        raise _no_products("The SKU column is missing.")
    return best


def _no_products(why: str) -> FileRefused:
    return FileRefused(
        f"{why} A catalogue needs the columns sku and title.", code="no_catalogue", field="header"
    )


def _refuse_empty(table: Table, row: int) -> None:
    below = (cells for number, cells in table.rows() if number > row)
    if not any(cell.strip() for cells in below for cell in cells):
        raise FileRefused(
            "The file has a header but no product. Export it again.", code="header_only"
        )


def _remark(refusal: FileRefused) -> Remark:
    return Remark(None, refusal.field, Severity.ERROR, refusal.code, refusal.message)
