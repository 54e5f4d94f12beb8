"""How a platform fares right now, in words: its state, what comes next, what it still allows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django_q.models import Schedule

from core.tasks import path_of
from integrations.admin.journeys import shown_moment
from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.claims import next_due
from integrations.models import PlatformHealth
from integrations.sync.jobs import sync_all
from integrations.tracking.jobs import follow_easyship, follow_veeqo

_RESUMED = "when it is resumed"
_ROUNDS = {"veeqo": follow_veeqo, "easyship": follow_easyship}


@dataclass(frozen=True, slots=True)
class State:
    """`name` is the short word of the lists, `sentence` what it means and what happens next."""

    name: str
    sentence: str


def state_of(health: PlatformHealth, queued: int, now: datetime) -> State:
    """`queued`: dispatches that go on by themselves."""
    if health.paused_at:
        return State("Paused", _paused(health))
    if health.open_until:
        return State("Down", _down(health, now))
    if health.slow_until and health.slow_until > now:
        until = shown_moment(health.slow_until)
        return State("Waiting", f"It asked us to slow down; calls go on {until}.")
    if queued:
        ones = "1 dispatch waits or is" if queued == 1 else f"{queued:,} dispatches wait or are"
        return State("Working", f"{ones} in hand.")
    return State("Idle", "It may be called, and nothing waits for it.")


def _paused(health: PlatformHealth) -> str:
    who = f" by {health.paused_by}" if health.paused_by else ""
    since = shown_moment(health.paused_at)
    return (
        f"Paused{who} since {since}: {health.pause_reason.rstrip('.')}. No call is made until "
        "somebody resumes it; orders wait and lose nothing."
    )


def _down(health: PlatformHealth, now: datetime) -> str:
    probe = health.open_until
    soon = _until(probe, now) if probe and probe > now else "with the next call"
    return (
        f"{health.failures} calls in a row failed ({health.last_error or 'no reason known'}). "
        f"It is tried again {soon}; orders wait and go on by themselves."
    )


def next_dispatch(health: PlatformHealth, now: datetime) -> str:
    """When a worker takes the next dispatch."""
    due = next_due(health.platform)
    if due is None:
        return "nothing waits"
    if health.paused_at:
        return _RESUMED
    moment = max(due, blocked_until(health.platform, now) or due)
    return "now" if moment <= now else _until(moment, now)


def next_jobs(health: PlatformHealth) -> list[tuple[str, str]]:
    """The clock's next questions: what, and when; one query."""
    jobs = {_ROUNDS[health.platform]: "Next question where parcels are", sync_all: "Next sync"}
    wanted = {path_of(job): what for job, what in jobs.items()}
    rows = dict(Schedule.objects.filter(func__in=wanted).values_list("func", "next_run"))
    return [
        (what, _RESUMED if health.paused_at else _when(rows.get(path)))
        for path, what in wanted.items()
    ]


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "not scheduled; start a worker"
    now = timezone.now()
    return _until(moment, now) if moment > now else "due now"


def _until(moment: datetime, now: datetime) -> str:
    seconds = (moment - now).total_seconds()
    return f"in {seconds:.0f} s" if seconds < 60 else f"in {timeuntil(moment, now)}"


def age_of(oldest: datetime | None) -> str:
    return timesince(oldest) if oldest else "–"


def share_of_errors(calls: int, failed: int) -> str:
    return f"{100 * failed / calls:.0f} % of {calls:,} calls" if calls else "no calls"
