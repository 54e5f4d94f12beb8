"""How a cluster tells its supervisor what it does: short lines through a pipe.

Neither database nor file is between them, so a slow database never looks like a frozen cluster.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django_q.signals import post_execute
from django_q.signing import BadSignature, SignedPackage

Report = Callable[[str], None]


def open_reports(descriptor: int) -> Report:
    """Return what writes one report; it never waits, whatever the supervisor does."""
    os.set_blocking(descriptor, False)
    # A partial, not a closure: django-q2 pickles its broker with its statistics.
    return partial(_write, descriptor)


def _write(descriptor: int, report: str) -> None:
    # Shorter than PIPE_BUF, so lines of several processes never mix (pipe(7)). A full pipe means
    # a supervisor that does not read; losing a report is better than stopping the work.
    with suppress(BlockingIOError, BrokenPipeError):
        os.write(descriptor, f"{report}\n".encode())


class ReportingBroker:
    """django-q2's configured broker, with a word to the supervisor about what it hands out."""

    def __init__(self, broker: Any, report: Report):
        self.broker = broker
        self.report = report

    def __getattr__(self, name: str) -> Any:
        return getattr(self.broker, name)

    def dequeue(self) -> list[tuple[Any, str]] | None:
        packages: list[tuple[Any, str]] | None = self.broker.dequeue()
        if not packages:
            self.report("asked")
        for _receipt, package in packages or []:
            # A package signed with another key is dropped by the pusher: nobody holds it.
            with suppress(BadSignature):
                self.report(f"took {SignedPackage.loads(package)['id']}")
        return packages

    def set_stat(self, _key: str, _value: str, _timeout: int) -> None:
        """The sentinel calls this in every round. Its statistics are read by nobody here."""
        self.report("guarded")


def report_done_jobs(report: Report) -> Callable[..., None]:
    """Report each job after its result is recorded and its row acknowledged."""

    def on_done(task: dict[str, Any], **_signal: Any) -> None:
        report(f"done {task['id']}")

    post_execute.connect(on_done, weak=False, dispatch_uid="core.worker.reports")
    return on_done
