"""The platforms' rate limits, enforced, and the rates that clients reached, measured."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox import clock


class BadRate(ValueError):
    """The text is not a rate; the message says what is expected."""


def parse_rate(text: str, names: str) -> tuple[float, ...]:
    """Read "5", "5:56" or "off" (no limit: an empty tuple). Raises BadRate."""
    if text == "off":
        return ()
    try:
        numbers = tuple(float(part) for part in text.split(":"))
    except ValueError:
        numbers = (0.0,)
    if len(numbers) > 2 or min(numbers) <= 0:
        raise BadRate(f"“{text}” is not a rate; expected {names} or off.")
    return numbers


class LeakyBucket:
    """Veeqo: a bucket per key that leaks so many requests a second; full means 429."""

    def __init__(self, per_second: float, size: float):
        self.per_second = per_second
        self.size = size
        self._lock = threading.Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def admits(self, key: str, at: float) -> bool:
        with self._lock:
            level, since = self._levels.get(key, (0.0, at))
            level = max(0.0, level - (at - since) * self.per_second)
            admitted = level + 1 <= self.size
            self._levels[key] = (level + admitted, at)
        return admitted


@dataclass(frozen=True, slots=True)
class Exceeded:
    """Which window is full: so many requests allowed in so many seconds, open again at reset."""

    limit: int
    seconds: int
    reset: int


class FixedWindows:
    """
    Easyship: counts per token that start anew at every full second and full minute.

    Fixed windows fit the X-RateLimit-Reset of the one recorded refusal.
    """

    def __init__(self, per_minute: float, per_second: float):
        self.limits = ((1, int(per_second)), (60, int(per_minute)))
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], tuple[int, int]] = {}

    def exceeded(self, key: str, at: float) -> Exceeded | None:
        """Count one request; say which window was full already."""
        full = None
        with self._lock:
            for seconds, limit in self.limits:
                window = int(at // seconds)
                started, count = self._counts.get((key, seconds), (window, 0))
                count = count + 1 if started == window else 1
                self._counts[key, seconds] = (window, count)
                if count > limit and full is None:
                    full = Exceeded(limit, seconds, (window + 1) * seconds)
        return full


class SlidingWindows:
    """A stricter reading of Easyship's limits: no second and no minute holds more, wherever."""

    def __init__(self, per_minute: float, per_second: float):
        self.limits = ((1, int(per_second)), (60, int(per_minute)))
        self._lock = threading.Lock()
        self._admitted: dict[str, deque[float]] = {}

    def exceeded(self, key: str, at: float) -> Exceeded | None:
        with self._lock:
            admitted = self._admitted.setdefault(key, deque())
            while admitted and admitted[0] <= at - 60:
                admitted.popleft()
            for seconds, limit in self.limits:
                recent = sum(1 for when in admitted if when > at - seconds)
                if recent >= limit:
                    return Exceeded(limit, seconds, int(at) + 1)
            admitted.append(at)
        return None


Windows = FixedWindows | SlidingWindows


class Pace:
    """The most requests that arrived within any stretch of so many seconds."""

    def __init__(self, seconds: float, now: Callable[[], float] = clock.now):
        self.seconds = seconds
        self.most = 0
        self._now = now
        self._lock = threading.Lock()
        self._recent: deque[float] = deque()

    def arrived(self) -> None:
        at = self._now()
        with self._lock:
            self._recent.append(at)
            while self._recent[0] <= at - self.seconds:
                self._recent.popleft()
            self.most = max(self.most, len(self._recent))

    def forget(self) -> None:
        with self._lock:
            self._recent.clear()
            self.most = 0
