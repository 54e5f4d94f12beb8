"""manage.py load_zips: the table of US ZIP codes, from the file that comes with the product."""

from typing import Any

from django.core.management.base import BaseCommand

from warehouses.seed.zip_codes import load_zips


class Command(BaseCommand):
    help = "Load the US ZIP codes with their cities, centres and time zones. May be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"ZIP codes loaded: {load_zips():,}.")
