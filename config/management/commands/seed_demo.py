"""The demo world: a merchant's network, catalogue and opening stock, ready to route orders."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor, current_actor
from core.errors import DomainError
from orders.models import Tag
from routing.services.rules import ensure_default_ruleset
from warehouses.models import Warehouse
from warehouses.seed.network import WAREHOUSE_COLUMNS
from warehouses.seed.sheets import read_rows
from warehouses.seed.sync import Tally, sync
from warehouses.seed.world import DEMO, KINDS, seed

TAG_COLUMNS = ["name", "description"]


def load_tags(folder: Path) -> Tally:
    """tags.csv: here, because warehouses know nothing of orders."""
    rows = read_rows(folder / "tags.csv", TAG_COLUMNS)
    wanted = [row.make(Tag, **{column: row.text(column) for column in TAG_COLUMNS}) for row in rows]
    return sync(wanted, Tag.objects.all(), lambda tag: tag.name)


def load_ruleset(_folder: Path) -> Tally:
    """The merchant's habits, where no ruleset is there yet."""
    return Tally(created=1) if ensure_default_ruleset() else Tally(unchanged=1)


class Command(BaseCommand):
    help = (
        "Load the demo world from warehouses/seed/demo. Running it again brings the sheets' "
        "figures back and leaves stock, switched-off rows and everything of your own alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sheets",
            type=Path,
            default=DEMO,
            metavar="FOLDER",
            help="Sheets of your own in the shape of warehouses/seed/demo, instead of these.",
        )
        parser.add_argument("--json", action="store_true", help="Print the counts as JSON.")

    def handle(self, *_args: Any, sheets: Path, **options: Any) -> None:
        token = current_actor.set(Actor("seed_demo"))
        try:
            self.refuse_a_working_site(sheets)
            self.load(sheets, as_json=options["json"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        finally:
            current_actor.reset(token)

    def refuse_a_working_site(self, sheets: Path) -> None:
        """Invented prices and stock must not mix with a merchant's own."""
        own = {row.text("code") for row in read_rows(sheets / "warehouses.csv", WAREHOUSE_COLUMNS)}
        foreign = Warehouse.objects.exclude(code__in=own).first()
        if foreign is not None and not settings.DEBUG:
            raise CommandError(
                f"This site has a warehouse of its own, {foreign}, and the demo world would mix "
                "invented stock and prices into it. Seed an empty database instead."
            )

    def load(self, sheets: Path, *, as_json: bool) -> None:
        tallies = {}
        for kind, tally in seed(KINDS | {"tags": load_tags, "ruleset": load_ruleset}, sheets):
            tallies[kind] = asdict(tally)
            if not as_json:
                counts = ", ".join(f"{count} {done}" for done, count in tallies[kind].items())
                self.stdout.write(f"{kind}: {counts}")
        if as_json:
            self.stdout.write(json.dumps(tallies))
