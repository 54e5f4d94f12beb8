"""Keeping under each platform's limit, all processes on all hosts together."""

import time
from dataclasses import dataclass

from django.conf import settings

from core.budgets import take
from integrations.dispatching.policy import current_policy
from integrations.platforms.calls import Call, Purpose
from integrations.platforms.errors import OutOfBudget

_BACKGROUND = frozenset({Purpose.RECONCILE, Purpose.MASTER_DATA, Purpose.TRACK, Purpose.PROBE})
_POLL_SECONDS = 0.1
_DAWDLE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Pace:
    """A token bucket: in any stretch of T seconds at most capacity + T × per_second calls."""

    capacity: float
    per_second: float

    @property
    def reserve(self) -> float:
        """What background calls leave for orders."""
        return min(max(self.capacity / 2, 1.0), self.capacity - 1)


def pace_of(platform: str) -> Pace:
    """Raises ValueError for an unknown platform."""
    match platform:
        case "veeqo":
            return Pace(settings.VEEQO_BURST, settings.VEEQO_CALLS_PER_SECOND)
        case "easyship":
            return windowed(settings.EASYSHIP_CALLS_PER_MINUTE, settings.EASYSHIP_CALLS_PER_SECOND)
        case _:
            raise ValueError(f"No platform is called {platform!r}.")


def windowed(per_minute: float, per_second: float) -> Pace:
    """A bucket that overflows neither a minute's nor a second's window, wherever it starts.

    In T seconds fewer than capacity + T × rate + 1 calls begin. A minute is taken as a little
    more, for a call that dawdles on the way from one window into the next.
    """
    capacity = max(1.0, min(per_minute / 40, per_second / 2))
    minute = 0.9999 * (per_minute + 1 - capacity) / (60 + _DAWDLE_SECONDS)
    second = per_second - capacity if per_second > capacity else 0.9 * per_second
    return Pace(capacity, max(min(minute, second), 0.01))


def wait_for_budget(
    call: Call, deadline: float, *, serves_an_order: bool, in_background: bool = False
) -> None:
    """Take one call from the budget, waiting for it until `deadline` (time.monotonic()).

    Raises OutOfBudget; nothing was taken then.
    """
    pace = pace_of(call.platform)
    is_background = (in_background or call.purpose in _BACKGROUND) and not serves_an_order
    last = min(deadline, time.monotonic() + current_policy().longest_wait_for_budget)
    while not take(
        f"platform:{call.platform}",
        capacity=pace.capacity,
        per_second=pace.per_second,
        now=time.time(),
        reserve=pace.reserve if is_background else 0.0,
    ):
        if time.monotonic() + _POLL_SECONDS > last:
            raise OutOfBudget(retry_after=max(1.0, 1 / pace.per_second))
        time.sleep(_POLL_SECONDS)
