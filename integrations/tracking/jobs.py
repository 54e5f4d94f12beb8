"""Rounds of questions as jobs: each runs a while in its platform's queue, then queues itself."""

from datetime import timedelta

from core.periodic import scheduled
from core.tasks import enqueue, task
from integrations.tracking.following import follow_parcels
from warehouses.models import Platform

_LONGEST_RUN_SECONDS = 20.0
"""A call begun in time may still wait 30 s for budget; the queue's timeout is 60 s."""


@task
def follow_platform(platform: str) -> str:
    """Ask for a while; go on in another job while a round is unfinished and nothing hinders."""
    followed = follow_parcels(platform, seconds=_LONGEST_RUN_SECONDS)
    if followed.asked and not followed.is_complete:
        enqueue(follow_platform, platform, queue=platform)
    return f"{followed.asked} asked, {followed.news} with news"


@scheduled(every=timedelta(minutes=10))
def follow_veeqo() -> None:
    """Veeqo has no webhooks: this is how we hear of its parcels."""
    enqueue(follow_platform, Platform.VEEQO.value, queue=Platform.VEEQO.value)


@scheduled(every=timedelta(minutes=30))
def follow_easyship() -> None:
    """The net under Easyship's webhooks."""
    enqueue(follow_platform, Platform.EASYSHIP.value, queue=Platform.EASYSHIP.value)
