"""manage.py ensure_default_ruleset: the first ruleset of a new site."""

from typing import Any

from django.core.management.base import BaseCommand

from routing.services.rules import ensure_default_ruleset


class Command(BaseCommand):
    help = "Publish the merchant's habits where no ruleset exists at all. Run on every deploy."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ruleset = ensure_default_ruleset()
        said = f"Ruleset {ruleset} is in force." if ruleset else "There is a ruleset already."
        self.stdout.write(said)
