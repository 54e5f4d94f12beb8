"""The site and one worker as child processes, until Ctrl-C."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

GRACE_SECONDS = 30


def serve(host: str, port: int, *others: subprocess.Popen[bytes]) -> int:
    """Run the site and a worker until one ends or we are told to stop; return an exit code.

    `others` run already; they are watched with them and end with them.
    """
    children = [
        start("runserver", f"{host}:{port}", "--noreload"),
        start("run_worker"),
        *others,
    ]
    interrupt_on_sigterm()
    try:
        return _wait_for_first(children)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(children)


def interrupt_on_sigterm() -> None:
    """Let a polite end be raised as Ctrl-C is, so that children are stopped on the way out."""
    signal.signal(signal.SIGTERM, _interrupt)


def start(*command: str, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start a management command as a child process; a quiet one says only what goes wrong."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        stdout=subprocess.DEVNULL if quiet else None,
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


def _wait_for_first(children: Sequence[subprocess.Popen[bytes]]) -> int:
    while True:
        for child in children:
            if (code := child.poll()) is not None:
                return code or 1
        time.sleep(0.3)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
