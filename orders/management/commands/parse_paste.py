"""manage.py parse_paste: what would be understood of this text?"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from orders.intake.neutral import answer_of_all
from orders.intake.parsed import ParsedOrder, Understanding
from orders.services.intake.paste import parse


class Command(BaseCommand):
    help = (
        "Read orders or customers in any shape from standard input and print what was understood. "
        "Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        # As bytes, so that a text in another encoding is read and not refused.
        text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
        understood = parse(text)
        self.stdout.write(
            json.dumps(answer_of_all(understood)) if options["json"] else told(understood)
        )


def told(understood: Understanding) -> str:
    said = [f"{len(understood.orders)} understood."]
    for order in understood.orders:
        said += ["", *_told_order(order)]
    if understood.remarks:
        said += ["", "To look at:"]
    said += [
        f"  {'file' if r.row is None else f'row {r.row}'}  {r.severity:7}  {r.field}: {r.message}"
        for r in understood.remarks
    ]
    return "\n".join(said)


def _told_order(order: ParsedOrder) -> list[str]:
    to = order.recipient
    place = " ".join(part for part in (to.city, to.state, to.postal_code, to.country) if part)
    parts = [to.name, to.company, to.address_1, to.address_2, place, order.phone, order.email]
    lines = [f"  {line.quantity} × {line.sku or line.title}" for line in order.lines]
    return [" · ".join(part for part in parts if part), *lines]
