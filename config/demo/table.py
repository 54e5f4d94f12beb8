"""Text tables for a terminal. Pure."""

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 100


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Rows under their headings, columns aligned; those in `right` to the right.

    Two blanks stand between columns and before the first.
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join(cells)}".rstrip()


def hanging(head: str, sentence: str) -> Iterator[str]:
    """A long sentence after its head, its further lines below its beginning."""
    indent = " " * len(head)
    yield from textwrap.wrap(
        sentence, WIDTH, initial_indent=head, subsequent_indent=indent, break_on_hyphens=False
    )
