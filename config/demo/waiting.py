"""Waiting for what other processes do, no longer than they live."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import DomainError

_PAUSE_SECONDS = 0.5
_TELL_EVERY_SECONDS = 10.0


class Ended(DomainError):
    code = "ended"

    def __init__(self, log: Path):
        super().__init__(f"The site, its worker or the sandbox ended by itself. Read {log}.")


class TookTooLong(DomainError):
    code = "took_too_long"

    def __init__(self, what: str, seconds: float, log: Path):
        super().__init__(f"{what} took longer than {seconds:.0f} s. Read {log}.")


class Patience:
    """Waits while every one of the child processes runs; `log` is what they write."""

    def __init__(self, children: Sequence[subprocess.Popen[bytes]], log: Path):
        self._children = children
        self._log = log

    def wait_until(
        self,
        holds: Callable[[], bool],
        what: str,
        seconds: float,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        """`tell` is called now and then. Raises Ended, and TookTooLong after so many seconds."""
        told = time.monotonic()
        deadline = told + seconds
        while not holds():
            if time.monotonic() > told + _TELL_EVERY_SECONDS:
                told = time.monotonic()
                tell()
            if any(child.poll() is not None for child in self._children):
                raise Ended(self._log)
            if time.monotonic() > deadline:
                raise TookTooLong(what, seconds, self._log)
            time.sleep(_PAUSE_SECONDS)
