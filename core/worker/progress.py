"""Pure: what the cluster's reports add up to. Every time is seconds on one steady clock."""

from dataclasses import dataclass, field
from enum import StrEnum

# Loading Django on a crowded machine takes its time, however short the jobs are.
START_SECONDS = 60.0


class Verdict(StrEnum):
    WELL = "well"
    NOT_UP = "did not come up"
    STALLED = "has work in hand and finishes none"
    UNGUARDED = "is no longer guarded by its sentinel"


@dataclass(slots=True)
class Progress:
    """One run of a cluster as it reports itself; `moved_at` is when it was started, at first.

    A cluster that asks for work with empty hands is well. One that holds work must finish some:
    taking more, or starting it, proves nothing.
    """

    moved_at: float
    lease_seconds: float
    guarded_at: float | None = None
    finished: int = 0
    in_hand: dict[str, float] = field(default_factory=dict)

    def note(self, report: str, now: float) -> None:
        """Take in one report: `asked`, `took ID`, `done ID` or `guarded`."""
        match report.split():
            case ["guarded"]:
                self._guarded(now)
            case ["asked"]:
                self._asked(now)
            case ["took", job]:
                self._took(job, now)
            case ["done", job]:
                self._done(job, now)

    def excuse(self, now: float) -> None:
        """Start the clocks again: what just went wrong was not the cluster's fault."""
        self.moved_at = now
        if self.guarded_at is not None:
            self.guarded_at = now

    def _guarded(self, now: float) -> None:
        if self.guarded_at is None:
            self.moved_at = now
        self.guarded_at = now

    def _asked(self, now: float) -> None:
        # A job whose worker was killed never ends; past its lease the queue hands it out again.
        lost = [job for job, taken in self.in_hand.items() if now - taken > self.lease_seconds]
        for job in lost:
            del self.in_hand[job]
        if not self.in_hand:
            self.moved_at = now

    def _took(self, job: str, now: float) -> None:
        if not self.in_hand:
            self.moved_at = now
        self.in_hand[job] = now

    def _done(self, job: str, now: float) -> None:
        self.in_hand.pop(job, None)
        self.finished += 1
        self.moved_at = now


def verdict(now: float, *, moved_at: float, guarded_at: float | None, limit: float) -> Verdict:
    """Say whether a cluster that last moved and was last guarded at these times is frozen."""
    if guarded_at is None:
        return Verdict.NOT_UP if now - moved_at > max(limit, START_SECONDS) else Verdict.WELL
    if now - moved_at > limit:
        return Verdict.STALLED
    return Verdict.UNGUARDED if now - guarded_at > limit else Verdict.WELL
