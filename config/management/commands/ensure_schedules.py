from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.schedules import SCHEDULES
from core.periodic import match_schedules


class Command(BaseCommand):
    help = "Make the schedules in the database match config/schedules.py. Run on every deploy."

    def handle(self, *_args: Any, **_options: Any) -> None:
        changes = match_schedules(SCHEDULES, timezone.now())
        self.stdout.write(f"Schedules: {changes}.")
