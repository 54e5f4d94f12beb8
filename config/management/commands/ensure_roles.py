from typing import Any

from django.core.management.base import BaseCommand

from config.roles import ensure_roles


class Command(BaseCommand):
    help = "Make the staff roles match config/roles.py. Run on every deploy."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for role, count in ensure_roles().items():
            self.stdout.write(f"{role}: {count} permissions")
