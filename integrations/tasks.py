"""Jobs of the queue: each may run twice, and each is found again by the sweep when it is lost."""

from datetime import timedelta

from django.utils import timezone

from core.periodic import claim_slot, scheduled
from core.tasks import enqueue, task
from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.request_log import delete_old_calls
from integrations.dispatching.worker import work_until_idle
from integrations.models import Dispatch
from integrations.receiving.processing import wake_for_webhooks
from integrations.receiving.retention import delete_old_events
from warehouses.models import Platform

_LONGEST_RUN_SECONDS = 35.0
"""Begin nothing after it: a job may take `timeout` of its queue, 60 s."""
_PATIENCE_SECONDS = 2.0
_POKE_EVERY = timedelta(seconds=15)


@task
def work_platform(platform: str) -> str:
    """Work on what is due, for a while; what is left over is poked again."""
    tally = work_until_idle(platform, patience=_PATIENCE_SECONDS, seconds=_LONGEST_RUN_SECONDS)
    if tally.attempts and _has_due(platform):
        poke(platform)
    return f"{tally.attempts} attempts, {tally.done} done"


def poke(platform: str) -> None:
    """Wake a worker once the current transaction has committed."""
    enqueue(work_platform, platform, queue=platform)


@task
def poke_due() -> int:
    """Wake a worker for each platform with due work: lost pokes, passed pauses, dead workers.

    Runs in every supervisor, so it claims its slot first.
    """
    now = timezone.now()
    poked = 0
    for platform in Platform.values:
        name = f"poke {platform}"
        if _has_due(platform) and claim_slot(name, _POKE_EVERY, now):
            poke(platform)
            poked += 1
    return poked


@scheduled(every=timedelta(minutes=1))
def sweep_dispatches() -> int:
    """The same, should nobody's supervisor tick."""
    return poke_due()


@scheduled(every=timedelta(days=1))
def prune_request_log() -> int:
    """Delete old platform calls by their class; returns how many."""
    return delete_old_calls(timezone.now())


@scheduled(every=timedelta(minutes=1))
def sweep_webhooks() -> int:
    """Wake a worker for events whose job was lost or whose pause is over."""
    return sum(wake_for_webhooks(platform) for platform in Platform.values)


@scheduled(every=timedelta(days=1))
def prune_webhooks() -> int:
    """Delete old webhook events; returns how many."""
    return delete_old_events(timezone.now())


def _has_due(platform: str) -> bool:
    now = timezone.now()
    return blocked_until(platform, now) is None and Dispatch.objects.due(platform, now).exists()
