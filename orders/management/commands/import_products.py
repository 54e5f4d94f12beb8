"""manage.py import_products: a catalogue from a file."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor, current_actor
from orders.intake.neutral import remark_as_json
from orders.intake.parsed import Remark
from orders.services.intake.products import ProductImport

STATES = ("created", "updated", "unchanged", "failed")


class Command(BaseCommand):
    help = (
        "Load products from a CSV, TSV or XLSX file with a column of SKUs. Known products are "
        "brought up to date; the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Write nothing.")
        parser.add_argument(
            "--json", action="store_true", help="One JSON object; exits 0 for a refused file too."
        )

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}. Check the name.")
        run = ProductImport(source=file, name=file.name, is_dry_run=options["dry_run"])
        token = current_actor.set(Actor("import_products"))
        try:
            remarks = [remark for _read, _outcome, said in run for remark in said]
        finally:
            current_actor.reset(token)
        reading = run.reading
        remarks += reading.remarks if reading else []
        if options["json"]:
            self.stdout.write(json.dumps(answer(run.counts, remarks)))
            return
        self.tell(file.name, run, remarks)

    def tell(self, name: str, run: ProductImport, remarks: list[Remark]) -> None:
        for remark in remarks:
            place = "file" if remark.row is None else f"row {remark.row}"
            self.stdout.write(f"{place}  {remark.severity}  {remark.field}: {remark.message}")
        written = "Nothing was written. It would be: " if run.is_dry_run else ""
        counts = ", ".join(f"{run.counts[state]} {state}" for state in STATES)
        self.stdout.write(f"{name}: {written}{counts}.")
        if run.reading is None or run.reading.is_refused:
            raise CommandError(f"{name} was refused: see above.")


def answer(counts: Counter[str], remarks: list[Remark]) -> dict[str, Any]:
    findings = [remark_as_json(remark) for remark in remarks]
    return {state: counts[state] for state in STATES} | {"findings": findings}
