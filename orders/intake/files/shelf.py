"""Orders that wait for later rows: the first ones in memory, the rest in a file on disk."""

import json
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from orders.intake.files.layout import Numbered

_MOST_ROWS_IN_MEMORY = 10_000
"""About 30 MB of a wide export."""


@dataclass(slots=True)
class Group:
    """Rows of one order number; `joined` came without one, `is_cut` when there are too many."""

    key: str
    rows: list[Numbered] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    is_cut: bool = False


class Shelf:
    """Keeps groups by key; on disk, all that stays in memory of a group is its place there."""

    def __init__(self) -> None:
        self._near: dict[str, Group] = {}
        self._near_rows = 0
        self._far: dict[str, int] = {}
        self._file: IO[bytes] | None = None

    def put(self, group: Group) -> None:
        self._near[group.key] = group
        self._near_rows += len(group.rows)
        while self._near_rows > _MOST_ROWS_IN_MEMORY:
            oldest = self._near.pop(next(iter(self._near)))
            self._near_rows -= len(oldest.rows)
            self._far[oldest.key] = self._write(oldest)

    def take(self, key: str) -> Group | None:
        """The group of this key, no longer kept; None when there is none."""
        if group := self._near.pop(key, None):
            self._near_rows -= len(group.rows)
            return group
        place = self._far.pop(key, None)
        return None if place is None else self._read(place)

    def rest(self) -> Iterator[Group]:
        """All that is left."""
        for key in [*self._far, *self._near]:
            if group := self.take(key):
                yield group

    def _write(self, group: Group) -> int:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the shelf, below
            weakref.finalize(self, self._file.close)
        place = self._file.seek(0, 2)
        text = json.dumps([group.key, group.rows, group.joined, group.is_cut])
        self._file.write(text.encode() + b"\n")
        return place

    def _read(self, place: int) -> Group:
        assert self._file is not None  # noqa: S101  # a place is known only once there is a file
        self._file.seek(place)
        key, rows, joined, is_cut = json.loads(self._file.readline())
        return Group(key, [(number, cells) for number, cells in rows], joined, is_cut)
