"""manage.py prove_stock: does stock add up?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.stock_proof import Proof, prove_stock


class Command(BaseCommand):
    help = (
        "Prove that every stock level equals the sum of its movements and that reserved equals "
        "the open reservations. Exits 1 and names the first row that breaks it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = prove_stock()
        self.stdout.write(json.dumps(proof.as_json()) if options["json"] else told(proof))
        if not proof.ok:
            raise CommandError("Stock does not add up: see above.", returncode=1)


def told(proof: Proof) -> str:
    counts = (
        f"Levels: {proof.levels}. Movements: {proof.movements}. "
        f"Open reservations: {proof.open_reservations}."
    )
    if proof.ok:
        return f"Stock adds up. {counts}"
    return f"Stock does not add up. {counts} Breaks: {proof.breaks}. The first: {proof.first_break}"
