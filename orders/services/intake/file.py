"""A file of orders is imported in one go, as a command or a nightly job does it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from orders.intake.files import Reading, ReadOrder, read_file
from orders.intake.parsed import Received, Remark, Severity
from orders.models import ImportMode
from orders.services.imports.limits import limits
from orders.services.intake.catalogue import known_skus
from orders.services.intake.record import CHUNK, Outcome, preview_orders, record_orders
from orders.services.places import TablePlaces

OWN_FORMATS = frozenset({"", "native"})


@dataclass(slots=True)
class FileImport:
    """Iterating reads, checks and writes chunk by chunk; `counts` grow meanwhile."""

    path: Path
    source: str = ""
    format: str = "auto"
    mode: ImportMode = ImportMode.CREATE
    is_dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    places: TablePlaces = field(default_factory=TablePlaces)
    reading: Reading | None = None

    def __iter__(self) -> Iterator[tuple[ReadOrder, Outcome]]:
        with self.path.open("rb") as file:
            self.reading = read_file(
                file,
                name=self.path.name,
                places=self.places,
                known_skus=known_skus(),
                format=self.format,
                limits=limits(),
            )
            self.source = self.source or source_of(self.reading.format)
            orders = iter(self.reading)
            while chunk := list(islice(orders, CHUNK)):
                yield from zip(chunk, self._take(chunk), strict=True)

    def _take(self, chunk: list[ReadOrder]) -> list[Outcome]:
        received = [Received(read.order, tuple(read.remarks)) for read in chunk]
        act = preview_orders if self.is_dry_run else record_orders
        outcomes = act(received, source=self.source, mode=self.mode, places=self.places)
        self.counts.update(outcome.state for outcome in outcomes)
        return outcomes


def source_of(format_name: str) -> str:
    """A shop's export comes from that shop; our own layout from a file."""
    return "file" if format_name in OWN_FORMATS else format_name


def findings_of(read: ReadOrder, outcome: Outcome) -> Iterator[Remark]:
    """What reader and checks say of an order, and why it failed; each place is named once."""
    yield from read.remarks
    said = {_place(remark.row, remark.field) for remark in read.remarks}
    if outcome.state != "failed":
        for remark in _of_checks(read, outcome):
            if _place(remark.row, remark.field) not in said:
                yield remark
    elif not any(remark.message in outcome.problem for remark in read.remarks):
        row = read.order.rows[0] if read.order.rows else None
        yield Remark(row, "order_number", Severity.ERROR, "not_imported", outcome.problem)


def _of_checks(read: ReadOrder, outcome: Outcome) -> Iterator[Remark]:
    first = read.order.rows[0] if read.order.rows else None
    row_of_line = {n: line.row for n, line in enumerate(read.order.lines, start=1)}
    for found in outcome.found:
        row = row_of_line.get(found.line_position or 0) or first
        yield Remark(row, found.field, Severity(found.severity), found.code, found.message)


def _place(row: int | None, field: str) -> tuple[int | None, str]:
    return row, "name" if field == "recipient_name" else field
