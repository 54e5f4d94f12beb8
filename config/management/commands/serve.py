from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.ports import check_port_free
from config.serving import serve
from core.errors import DomainError


class Command(BaseCommand):
    help = "Migrate, then serve the site with one worker until Ctrl-C. For development."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, host: str, port: int, **_options: Any) -> None:
        try:
            check_port_free(host, port, "PORT")
        except DomainError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        call_command("ensure_roles", verbosity=0, stdout=self.stdout)
        call_command("ensure_default_ruleset", verbosity=0, stdout=self.stdout)
        call_command("ensure_schedules", verbosity=0, stdout=self.stdout)
        self.stdout.write(f"Crossdock is on http://{host}:{port}/ — Ctrl-C stops it.")
        raise SystemExit(serve(host, port))
