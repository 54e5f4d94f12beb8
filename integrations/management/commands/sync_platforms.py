"""manage.py sync_platforms: read warehouses, services, products and stock from the platforms."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.models import SyncKind
from integrations.sync.run import Synced, sync_platform
from warehouses.models import Platform


class Command(BaseCommand):
    help = (
        "Map what the platforms list to our warehouses, services and products, and store their "
        "stock for comparison. What is nothing of ours is listed under To map. Exits 1 when a "
        "list could not be read to its end; the next run goes on there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", choices=Platform.values, help="Default: all.")
        parser.add_argument(
            "--seconds", type=float, default=float("inf"), help="Begin no page after so many."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = [options["platform"]] if options["platform"] else Platform.values
        told = {name: sync_platform(name, options["seconds"]) for name in platforms}
        if options["json"]:
            plain = {name: [asdict(each) for each in lists] for name, lists in told.items()}
            self.stdout.write(json.dumps(plain))
        else:
            for name, lists in told.items():
                self.tell(name, lists)
        if failed := [
            str(Platform(name).label) for name, lists in told.items() if _broke_off(lists)
        ]:
            raise CommandError(f"{' and '.join(failed)}: not everything was read; see above.")

    def tell(self, platform: str, lists: list[Synced]) -> None:
        self.stdout.write(str(Platform(platform).label))
        for each in lists:
            counts = f"{each.read} read"
            if each.kind != SyncKind.STOCK:
                counts += f", {each.mapped} mapped, {each.to_map} to map"
            self.stdout.write(f"  {SyncKind(each.kind).label}: {each.error or counts}")


def _broke_off(lists: list[Synced]) -> bool:
    return not all(each.is_done for each in lists)
