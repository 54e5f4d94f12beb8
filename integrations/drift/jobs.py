"""Reconciliation as jobs: hourly for each platform, and when a person asks for one."""

from datetime import timedelta

from core.periodic import scheduled
from core.tasks import enqueue, task
from integrations.drift.run import Reconciled, reconcile_platform
from integrations.drift.settling import take_up_pushes
from warehouses.models import Platform

_LONGEST_RUN_SECONDS = 20.0
"""Begin no call after it: a job may take 60 s, and a call may wait 30 s for budget."""


@task
def reconcile_part(platform: str) -> str:
    """Go on with the platform's round, or begin one, for a while; what is left is another job's."""
    return _go_on(
        reconcile_platform(platform, seconds=_LONGEST_RUN_SECONDS, thorough=False, anew=False)
    )


@task
def reconcile_now(platform: str) -> str:
    """Begin a round that looks at every shipment of the window."""
    return _go_on(reconcile_platform(platform, seconds=_LONGEST_RUN_SECONDS))


def _go_on(told: Reconciled) -> str:
    if not told.is_complete and not told.error:
        enqueue(reconcile_part, told.platform, queue=told.platform)
    return told.error or f"{told.looked} looked at, {told.open} open findings"


def ask_for_reconciliation(platform: str) -> None:
    """Queue a thorough round with a platform."""
    enqueue(reconcile_now, platform, queue=platform)


@scheduled(every=timedelta(hours=1))
def reconcile_all() -> int:
    """Queue a round with every platform; returns how many."""
    for platform in Platform.values:
        enqueue(reconcile_part, platform, queue=platform)
    return len(Platform.values)


@scheduled(every=timedelta(minutes=5))
def sweep_pushes() -> int:
    """Take up pushes that nobody works on."""
    return take_up_pushes()
