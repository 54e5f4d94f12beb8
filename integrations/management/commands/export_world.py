"""manage.py export_world: what we have, as a world for the sandbox."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from integrations.sync.world import world


class Command(BaseCommand):
    help = (
        "Write our warehouses, products, stock and services to FILE, so that "
        "manage.py sandbox --world FILE knows them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            content = world()
            file.write_text(json.dumps(content, indent=1), encoding="utf-8")
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        counts = ", ".join(f"{len(entries)} {section}" for section, entries in content.items())
        self.stdout.write(f"{file}: {counts}.")
