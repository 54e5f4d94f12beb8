"""Keeps one queue's cluster at work: proves its progress, restarts it, stops it gracefully.

Why: killing an idle django-q2 worker can leave its cluster alive and frozen for ever
(https://github.com/django-q2/django-q2/issues/23), and the death of its sentinel leaves orphans
behind an exit code of 0. Only progress tells.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from types import FrameType

from django.conf import settings

from core.worker.process import ClusterProcess
from core.worker.pulse import Pulse
from core.worker.queues import Queue
from core.worker.tickers import Tickers
from core.worker.watch import Cluster, Watch

logger = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0


class Supervisor:
    """Runs the cluster of one queue until it is told to stop, or until restarting is no help."""

    def __init__(
        self,
        queue: Queue,
        *,
        tickers: Tickers | None = None,
        start: Callable[[str], Cluster] = ClusterProcess,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.queue = queue
        self.pulse = Pulse(queue)
        self.tickers = tickers or Tickers({})
        self.restarts = 0
        self.fruitless = 0
        self.stops_asked: Counter[int] = Counter()
        self._start, self._clock, self._sleep = start, clock, sleep

    def run(self) -> int:
        """Return the exit code: 0 after a graceful stop, 1 if jobs were cut or nothing helps."""
        self.tickers.start()
        try:
            return self._keep_at_work()
        finally:
            self.tickers.end()

    def request_stop(self, number: int, _frame: FrameType | None = None) -> None:
        """Signal handler: once asks for a graceful stop, the same signal again for a quick one.

        Ctrl-C followed by the SIGTERM of whoever started us is still one wish.
        """
        self.stops_asked[number] += 1

    def _keep_at_work(self) -> int:
        while not self.stops_asked:
            watch = self._begin()
            if not (trouble := self._wait_for_trouble(watch)):
                return self._stop(watch)
            self._end(watch, trouble)
            if self.fruitless > settings.WORKER_RESTART_LIMIT:
                self._log(logging.CRITICAL, "worker gives up", reason="restarts did not help")
                return 1
            self._pause()
        return 0

    def _begin(self) -> Watch:
        cluster = self._start(self.queue.name)
        self._log(logging.INFO, "worker started", cluster_pid=cluster.pid)
        return Watch(cluster, self.queue, self._clock)

    def _wait_for_trouble(self, watch: Watch) -> str:
        """Return why the cluster must be restarted, or nothing once a stop is asked for."""
        beat_at = self._clock()
        while not self.stops_asked:
            if trouble := watch.trouble():
                return trouble
            self._note_success(watch)
            self.tickers.revive()
            if self._clock() >= beat_at:
                beat_at = self._clock() + settings.WORKER_CANARY_SECONDS
                if not self.pulse.beat(watch.progress.moved_at, self.restarts):
                    watch.excuse()
            self._sleep(_TICK_SECONDS)
        return ""

    def _note_success(self, watch: Watch) -> None:
        if watch.progress.finished and not watch.is_proved:
            watch.is_proved = True
            self.fruitless = 0
            self._log(logging.INFO, "worker gets jobs done")

    def _end(self, watch: Watch, trouble: str) -> None:
        watch.cluster.kill()
        self.restarts += 1
        self.fruitless += 1
        self._log(logging.ERROR, "worker killed, to be started again", reason=trouble)

    def _pause(self) -> None:
        """The first restart is immediate, each further one in vain waits twice as long."""
        seconds = min(2.0 ** (self.fruitless - 2), _LONGEST_PAUSE_SECONDS)
        until = self._clock() + (seconds if self.fruitless > 1 else 0)
        while self._clock() < until and not self.stops_asked:
            self._sleep(_TICK_SECONDS)

    def _stop(self, watch: Watch) -> int:
        self._log(logging.INFO, "worker stops once its jobs are done")
        self.pulse.end()
        watch.cluster.ask_to_stop()
        cut = self._wait_for_exit(watch)
        # Also after a clean exit, so that nothing of the group is left.
        watch.cluster.kill()
        if cut:
            self._log(logging.ERROR, "worker killed while stopping", reason=cut)
            return 1
        self._log(logging.INFO, "worker stopped")
        return 0

    def _wait_for_exit(self, watch: Watch) -> str:
        """Return why the cluster cannot be waited for any longer, or nothing when it ended."""
        deadline = self._clock() + self.queue.stop_seconds
        while watch.cluster.exit_code is None:
            if max(self.stops_asked.values()) > 1:
                return "told to stop twice"
            if self._clock() > deadline:
                return f"not done within {self.queue.stop_seconds:.0f} s"
            if trouble := watch.trouble():
                return trouble if watch.cluster.exit_code is None else ""
            self._sleep(_TICK_SECONDS)
        return ""

    def _log(self, level: int, event: str, **facts: object) -> None:
        about = {"queue": self.queue.name, "restarts": self.restarts}
        logger.log(level, event, extra=about | facts)
