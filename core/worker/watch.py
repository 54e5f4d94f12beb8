"""One run of a cluster under observation."""

from collections.abc import Callable
from typing import Protocol

from core.worker.progress import Progress, Verdict, verdict
from core.worker.queues import Queue


class Cluster(Protocol):
    """What the supervisor needs of a running cluster; see core.worker.process."""

    @property
    def pid(self) -> int: ...
    @property
    def exit_code(self) -> int | None: ...
    def reports(self) -> list[str]: ...
    def ask_to_stop(self) -> None: ...
    def kill(self) -> None: ...


class Watch:
    """Reads a cluster's reports and judges them; `clock` gives seconds that never go back."""

    def __init__(self, cluster: Cluster, queue: Queue, clock: Callable[[], float]):
        self.cluster, self.queue, self._clock = cluster, queue, clock
        self.progress = Progress(clock(), lease_seconds=queue.retry)
        self.is_proved = False

    def trouble(self) -> str:
        """Why this cluster must be ended and started again, or nothing."""
        if (code := self.cluster.exit_code) is not None:
            # Also after a clean exit: a cluster whose sentinel died ends with 0.
            return f"ended by itself with exit code {code}"
        found = self._judge()
        return "" if found is Verdict.WELL else found.value

    def excuse(self) -> None:
        self.progress.excuse(self._clock())

    def _judge(self) -> Verdict:
        now = self._clock()
        # All that waits is read before judging: we may be the ones who were asleep.
        for report in self.cluster.reports():
            self.progress.note(report, now)
        return verdict(
            now,
            moved_at=self.progress.moved_at,
            guarded_at=self.progress.guarded_at,
            limit=self.queue.stall_seconds,
        )
