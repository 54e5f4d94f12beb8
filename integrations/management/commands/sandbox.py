"""`manage.py sandbox`: both platforms, pretended, for development, training and tests."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.sandbox.options import BadOption, add_arguments, options_from
from integrations.sandbox.process import CannotStart, serve


class Command(BaseCommand):
    help = "Serve Veeqo's and Easyship's APIs from this machine, with faults if wanted."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(options_from(Namespace(**options)), self._announce)
        except (BadOption, CannotStart) as error:
            raise CommandError(str(error)) from error

    def _announce(self, line: str) -> None:
        self.stdout.write(line, ending="")
        self.stdout.flush()
