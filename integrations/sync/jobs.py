"""Syncs as jobs of the queue: hourly, and when a person asks for one."""

from datetime import timedelta

from core.periodic import scheduled
from core.tasks import enqueue, task
from integrations.sync.run import sync_platform
from warehouses.models import Platform

_LONGEST_RUN_SECONDS = 20.0
"""Begin no page after it: a job may take 60 s, and a page may wait 30 s for budget."""


@task
def sync_master_data(platform: str) -> str:
    """Read on for a while; what is left goes on in another job, what failed in the next hour."""
    told = sync_platform(platform, seconds=_LONGEST_RUN_SECONDS)
    if not told[-1].is_done and not told[-1].error:
        enqueue(sync_master_data, platform, queue=platform)
    return ", ".join(f"{each.kind}: {each.error or f'{each.read} read'}" for each in told)


def ask_for_sync(platform: str) -> None:
    """Queue a sync of a platform."""
    enqueue(sync_master_data, platform, queue=platform)


@scheduled(every=timedelta(hours=1))
def sync_all() -> int:
    """Queue a sync of every platform; returns how many."""
    for platform in Platform.values:
        ask_for_sync(platform)
    return len(Platform.values)
