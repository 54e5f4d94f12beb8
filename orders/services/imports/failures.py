"""Only the rows that did not get in, as a file that can be corrected and uploaded again."""

import csv
from collections.abc import Iterable, Iterator

from core.exports import safe_cell
from orders.models import ImportRow, ImportSession, RowState

ERROR_COLUMN = "Error"
_OUT = (RowState.ERROR, RowState.FAILED)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def failed_rows(session: ImportSession) -> Iterator[str]:
    """Lines of a CSV: the file's own columns as given, and one that says what is wrong."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([*map(safe_cell, session.columns), ERROR_COLUMN])
    for row in session.rows.filter(state__in=_OUT).order_by("position").iterator(chunk_size=500):
        for cells in _cells(row, len(session.columns)):
            yield writer.writerow(cells)


def _cells(row: ImportRow, width: int) -> Iterable[list[str]]:
    said = row.problem or " ".join(remark["message"] for remark in row.remarks)
    for _number, cells in sorted(row.cells.items(), key=lambda item: int(item[0])):
        padded = [*cells[:width], *[""] * (width - len(cells))]
        yield [*map(safe_cell, padded), safe_cell(said)]
