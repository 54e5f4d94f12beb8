"""May this platform be called now? A pause switch, a breaker, and “please slow down”."""

import time
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from integrations.dispatching.policy import current_policy
from integrations.models import PlatformHealth
from integrations.platforms.errors import Paused

_FAILURES = frozenset({"unavailable", "garbled"})
_SHORT_WAIT_SECONDS = 3.0
_SUCCESS_IS_FRESH = timedelta(seconds=10)


def health_of(platform: str) -> PlatformHealth:
    health, _created = PlatformHealth.objects.get_or_create(platform=platform)
    return health


def blocked_until(platform: str, now: datetime) -> datetime | None:
    """When work for the platform may begin again; None for now, datetime.max while paused."""
    health = health_of(platform)
    if health.paused_at:
        return datetime.max.replace(tzinfo=now.tzinfo)
    waits = [moment for moment in (health.open_until, health.slow_until) if moment]
    return max(waits) if waits and max(waits) > now else None


def check_open(platform: str) -> None:
    """Let a call pass, or raise Paused with the seconds to wait.

    While the breaker is open, one call in each `probe_every` seconds passes, on all hosts together.
    """
    now, health = timezone.now(), health_of(platform)
    if health.paused_at:
        raise Paused(health.pause_reason, retry_after=current_policy().probe_every)
    if health.slow_until and health.slow_until > now:
        _sit_out(_seconds(health.slow_until, now))
    if health.open_until is None:
        return
    until = now + timedelta(seconds=current_policy().probe_every)
    due = PlatformHealth.objects.filter(platform=platform, open_until__lte=now)
    if not due.update(open_until=until):
        wait = max(_seconds(health.open_until, now), 1.0)
        raise Paused("too many calls failed", retry_after=wait)


def _sit_out(seconds: float) -> None:
    """A short wait is cheaper than beginning the attempt again. Raises Paused for a long one."""
    if seconds > _SHORT_WAIT_SECONDS:
        raise Paused("it asked us to wait", retry_after=seconds)
    time.sleep(seconds)


def note_call(platform: str, outcome: str) -> None:
    """Learn from a call: `outcome` is "ok" or a PlatformError's code."""
    if outcome in _FAILURES:
        _note_failure(platform, outcome)
    elif outcome == "rate_limited":
        slow_down(platform, current_policy().rate_pause)
    else:
        # A refusal is an answer: the platform works.
        _note_success(platform)


def slow_down(platform: str, seconds: float) -> None:
    """Nobody calls the platform for so long."""
    until = timezone.now() + timedelta(seconds=seconds)
    PlatformHealth.objects.filter(platform=platform).update(
        slow_until=Greatest(Coalesce("slow_until", until), until)
    )


def _note_success(platform: str) -> None:
    """Writes only when there is something to tell, not for each of a thousand calls."""
    now = timezone.now()
    stale = Q(last_success_at__isnull=True) | Q(last_success_at__lt=now - _SUCCESS_IS_FRESH)
    news = Q(failures__gt=0) | Q(open_until__isnull=False) | stale
    PlatformHealth.objects.filter(news, platform=platform).update(
        failures=0, open_until=None, last_success_at=now
    )


def _note_failure(platform: str, code: str) -> None:
    now, policy = timezone.now(), current_policy()
    rows = PlatformHealth.objects.filter(platform=platform)
    rows.update(failures=F("failures") + 1, last_failure_at=now, last_error=code)
    rows.filter(failures__gte=policy.circuit_failures, open_until=None).update(
        open_until=now + timedelta(seconds=policy.probe_every)
    )


def _seconds(until: datetime, now: datetime) -> float:
    return (until - now).total_seconds()
