"""Where bytes come from: a path or an open file, read several times from the start."""

import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from orders.intake.tables.limits import Limits
from orders.intake.tables.refusals import FileRefused


class Source:
    """Bytes that can be read again; a stream that cannot seek is first put aside on disk."""

    def __init__(self, given: BinaryIO | Path, limits: Limits) -> None:
        self._path = given if isinstance(given, Path) else None
        self._file = None if isinstance(given, Path) else _seekable(given, limits)
        if self._file is not None and self._file is not given:
            weakref.finalize(self, self._file.close)
        self.size = self._measure()
        if self.size == 0:
            raise FileRefused("The file is empty (0 bytes). Export it again.", code="empty_file")
        if self.size > limits.bytes:
            raise too_large(limits)

    def _measure(self) -> int:
        if self._path is not None:
            return self._path.stat().st_size
        assert self._file is not None  # noqa: S101  # one of the two is set, above
        return self._file.seek(0, 2)

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The bytes from the start."""
        if self._path is not None:
            with self._path.open("rb") as file:
                yield file
            return
        assert self._file is not None  # noqa: S101  # one of the two is set, above
        self._file.seek(0)
        yield self._file

    def start(self, count: int) -> bytes:
        with self.opened() as file:
            return file.read(count)


def _seekable(given: BinaryIO, limits: Limits) -> IO[bytes]:
    if given.seekable():
        return given
    aside = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115  # lives as long as the source
    while chunk := given.read(1 << 20):
        aside.write(chunk)
        if aside.tell() > limits.bytes:
            raise too_large(limits)
    return aside


def too_large(limits: Limits) -> FileRefused:
    size = (
        f"{limits.bytes // 1024 // 1024} MB" if limits.bytes >= 1 << 20 else f"{limits.bytes} bytes"
    )
    return FileRefused(
        f"The file is larger than {size}. Split it and upload the parts.", code="file_too_large"
    )
