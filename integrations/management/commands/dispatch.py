"""manage.py dispatch: work the queue in the foreground."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.dispatching.circuit import health_of
from integrations.dispatching.worker import Tally, waiting_count, work_until_idle
from warehouses.models import Platform

STOPPED = (
    "Stopped. What was in hand goes on with the next worker once its lease is over; "
    "what may have been carried out is looked up first."
)


class Command(BaseCommand):
    help = (
        "Work on what is due at the platforms, with the code the workers run. With --until-idle "
        "it waits for what is due later, until nothing waits but for a person."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true")
        parser.add_argument("--platform", choices=Platform.values, help="Default: all, in turn.")
        parser.add_argument(
            "--seconds", type=float, default=float("inf"), help="Begin nothing after so many."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = [options["platform"]] if options["platform"] else Platform.values
        patience = float("inf") if options["until_idle"] else 0.0
        try:
            told = {
                platform: work_until_idle(platform, patience=patience, seconds=options["seconds"])
                for platform in platforms
            }
        except KeyboardInterrupt:
            raise CommandError(STOPPED) from None
        if options["json"]:
            self.stdout.write(json.dumps({name: _counts(name, t) for name, t in told.items()}))
            return
        for name, tally in told.items():
            self.stdout.write(_sentence(name, tally))


def _counts(platform: str, tally: Tally) -> dict[str, int]:
    return asdict(tally) | {"left": waiting_count(platform)}


def _sentence(platform: str, tally: Tally) -> str:
    health = health_of(platform)
    paused = f" Paused: {health.pause_reason}." if health.paused_at else ""
    return (
        f"{health}: {tally.attempts} attempts, {tally.done} done, {tally.needs_help} need help, "
        f"{waiting_count(platform)} left.{paused}"
    )
