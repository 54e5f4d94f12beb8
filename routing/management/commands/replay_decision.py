"""manage.py replay_decision: does the same input still give the same answer?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from routing.codec import UnreadableDocument
from routing.compare import IDENTICAL
from routing.models import RoutingDecision
from routing.services.replay import replay


class Command(BaseCommand):
    help = (
        "Make a stored decision again from its stored inputs and ruleset: prints “identical”, or "
        "each field that differs and exits 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="The decision's id, as on its page.")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = RoutingDecision.objects.select_related("ruleset", "network")
        stored = rows.filter(pk=options["id"]).first() if options["id"] < 2**63 else None
        if stored is None:
            raise CommandError(f"There is no decision {options['id']}.")
        try:
            said = replay(stored)
        except UnreadableDocument as error:
            raise CommandError(str(error)) from error
        self.stdout.write(said)
        if said != IDENTICAL:
            raise CommandError("The answer differs: see above.", returncode=1)
