from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from core.errors import DomainError
from core.worker.heartbeat import check_worker, this_host
from core.worker.queues import default_queue, queue_named


class Command(BaseCommand):
    help = "Exit 0 when the worker's heartbeat is fresh, 1 with one sentence when it is not."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue", default=default_queue(), help="Default: %(default)s.")
        parser.add_argument(
            "--max-age",
            type=int,
            metavar="SECONDS",
            help="Default: one job at its longest and the heartbeats around it.",
        )
        parser.add_argument(
            "--any-host",
            action="store_true",
            help="Any host's worker will do, not only this one's.",
        )

    def handle(
        self, *_args: Any, queue: str, max_age: int | None, any_host: bool, **_options: Any
    ) -> None:
        try:
            age = check_worker(
                queue_named(queue),
                timezone.now(),
                host="" if any_host else this_host(),
                max_age=None if max_age is None else timedelta(seconds=max_age),
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError("The database does not answer.") from error
        self.stdout.write(f"The worker finished something {age.total_seconds():.0f} s ago.")
