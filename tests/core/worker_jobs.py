"""Jobs for real workers under test."""

import time

from django.utils import timezone

from core.models import PeriodicRun
from core.tasks import enqueue, task


@task
def nap(seconds: int, name: str) -> None:
    """Leave a mark before and after; a row of any table would do."""
    PeriodicRun.objects.create(name=f"{name} began", slot=timezone.now())
    time.sleep(seconds)
    PeriodicRun.objects.create(name=f"{name} ended", slot=timezone.now())


def send_naps(seconds: int, *names: str) -> None:
    for name in names:
        enqueue(nap, seconds, name)
