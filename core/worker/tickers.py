"""Jobs that run inside the supervisor: they go on when django-q2's scheduler or a lease does not.

Every supervisor of the main queue runs them, on every host, so each must bear company and be short.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from core.tasks import path_of, perform

logger = logging.getLogger(__name__)

_LONGEST_GOODBYE_SECONDS = 5.0


class Ticker(threading.Thread):
    """Does one job every so many seconds, with a database connection of its own."""

    def __init__(self, job: Callable[[], Any], seconds: float):
        super().__init__(name=path_of(job), daemon=True)
        self.job, self.seconds = job, seconds
        self._told_to_end = threading.Event()

    def run(self) -> None:
        try:
            while not self._told_to_end.wait(self.seconds):
                close_old_connections()
                perform(self.job, "")
        finally:
            connection.close()

    def end(self) -> None:
        self._told_to_end.set()
        self.join(_LONGEST_GOODBYE_SECONDS)


class Tickers:
    """All of them. One that fails is started again: the failure is logged, the others go on."""

    def __init__(self, wanted: Mapping[str, float]):
        """`wanted` is settings.WORKER_TICKERS: the path of a job and its seconds."""
        self._wanted = {import_string(path): seconds for path, seconds in wanted.items()}
        self._running: list[Ticker] = []

    def start(self) -> None:
        self._running = [_started(job, seconds) for job, seconds in self._wanted.items()]

    def revive(self) -> None:
        """Start again what has failed since the last call."""
        self._running = [
            ticker if ticker.is_alive() else _started(ticker.job, ticker.seconds)
            for ticker in self._running
        ]

    def end(self) -> None:
        """Let each finish what it is doing, for a few seconds."""
        for ticker in self._running:
            ticker.end()
        self._running = []


def _started(job: Callable[[], Any], seconds: float) -> Ticker:
    ticker = Ticker(job, seconds)
    ticker.start()
    return ticker


def log_failed_thread(failure: threading.ExceptHookArgs) -> None:
    """For threading.excepthook, whose own way is to print, past every redaction."""
    if failure.exc_value is None:
        return
    facts = (failure.exc_type, failure.exc_value, failure.exc_traceback)
    name = failure.thread.name if failure.thread else "?"
    logger.error("a job of the supervisor failed", exc_info=facts, extra={"job": name})
