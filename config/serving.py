"""The site and one worker as child processes, until Ctrl-C."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import IO

GRACE_SECONDS = 30


def serve(host: str, port: int) -> int:
    """Run the site and a worker until one ends or we are told to stop; return an exit code."""
    interrupt_on_sigterm()
    try:
        with site_and_worker(host, port) as children:
            return wait_for_first(children)
    except KeyboardInterrupt:
        return 0


@contextmanager
def site_and_worker(
    host: str, port: int, log: IO[bytes] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Both as child processes, ended with the block; what they say goes to `log` if given."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        children.append(start("runserver", f"{host}:{port}", "--noreload", log=log))
        children.append(start("run_worker", log=log))
        yield children
    finally:
        stop(children)


def interrupt_on_sigterm() -> None:
    """Let a polite end be raised as Ctrl-C is, so that children are stopped on the way out."""
    signal.signal(signal.SIGTERM, _interrupt)


def start(
    *command: str, quiet: bool = False, log: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a management command as a child process; a quiet one says only what goes wrong."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        stdout=subprocess.DEVNULL if quiet else log,
        stderr=log,
    )


def stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask every child to end, wait, and insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for_first(children: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until one of them ends; its exit code, or 1 if it ended as if all were well."""
    while True:
        for child in children:
            if (code := child.poll()) is not None:
                return code or 1
        time.sleep(0.3)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
