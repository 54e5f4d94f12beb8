"""How patient the queue is. Seconds throughout; tests set shorter times by settings.DISPATCH."""

import random
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Policy:
    """`doubt_waits`: pauses before each look-up after a doubt; past the last, it is not there."""

    lease_seconds: float = 180.0
    doubt_waits: tuple[float, ...] = (30.0, 120.0, 600.0)
    first_pause: float = 4.0
    longest_pause: float = 900.0
    most_setbacks: int = 40
    busy_pause: float = 10.0
    hold_pause: float = 300.0
    circuit_failures: int = 8
    probe_every: float = 30.0
    rate_pause: float = 1.0
    longest_wait_for_budget: float = 30.0
    chance: random.Random = field(default_factory=random.SystemRandom)

    def pause_after(self, setbacks: int, asked: float | None = None) -> float:
        """Full jitter under a doubling cap; never shorter than the platform asked for."""
        cap = min(self.longest_pause, self.first_pause * 2 ** min(setbacks, 20))
        return max(self.chance.uniform(0, cap), asked or 0.0)


def current_policy() -> Policy:
    return Policy(**settings.DISPATCH)
