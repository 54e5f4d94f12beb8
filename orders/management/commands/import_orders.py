"""manage.py import_orders: a file of orders, in any layout we know."""

import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor, current_actor
from orders.intake.formats import FORMAT_NAMES
from orders.intake.neutral import answer_of, remark_as_json
from orders.intake.parsed import Remark
from orders.models import ImportMode
from orders.services.intake.file import FileImport, findings_of

STATES = ("created", "updated", "unchanged", "failed")
_IN_MEMORY = 1_000_000


class Command(BaseCommand):
    help = (
        "Import a file of orders (CSV, TSV or XLSX) and say what became of each. Importing the "
        "same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["auto", *FORMAT_NAMES], default="auto")
        parser.add_argument("--mode", choices=ImportMode.values, default=ImportMode.CREATE.value)
        parser.add_argument("--dry-run", action="store_true", help="Print it all, write nothing.")
        parser.add_argument(
            "--source", default="", metavar="NAME", help="Default: the shop, as the file shows it."
        )
        parser.add_argument(
            "--json", action="store_true", help="One JSON object; exits 0 for a refused file too."
        )

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}. Check the name.")
        if len(options["source"]) > 50:
            raise CommandError("The name of a source has at most 50 characters.")
        run = FileImport(
            path=file,
            source=options["source"].strip(),
            format=options["format"],
            mode=ImportMode(options["mode"]),
            is_dry_run=options["dry_run"],
        )
        token = current_actor.set(Actor("import_orders"))
        try:
            self.print_json(run) if options["json"] else self.tell(run)
        finally:
            current_actor.reset(token)

    def print_json(self, run: FileImport) -> None:
        """Order by order, so that a large file never stands in memory."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as findings:
            self.stdout.write('{"orders": [', ending="")
            for index, (read, outcome) in enumerate(run):
                order = answer_of(read.order) | {
                    "state": outcome.state,
                    "status": outcome.order.status if outcome.order else "",
                }
                self.stdout.write((", " if index else "") + json.dumps(order), ending="")
                for remark in findings_of(read, outcome):
                    _spool(findings, remark)
            self.stdout.write('], "findings": [', ending="")
            for remark in run.reading.remarks if run.reading else ():
                _spool(findings, remark)
            self.copy(findings)
            self.stdout.write("], " + json.dumps(summary(run))[1:])

    def copy(self, findings: IO[str]) -> None:
        findings.seek(0)
        for index, line in enumerate(findings):
            self.stdout.write((", " if index else "") + line.rstrip("\n"), ending="")

    def tell(self, run: FileImport) -> None:
        for read, outcome in run:
            for remark in findings_of(read, outcome):
                self.say(remark, outcome.number)
        reading = run.reading
        for remark in reading.remarks if reading else ():
            self.say(remark)
        counts = ", ".join(f"{run.counts[state]} {state}" for state in STATES)
        written = "Nothing was written. It would be: " if run.is_dry_run else ""
        self.stdout.write(f"{run.path.name}: {written}{counts}.")
        if reading is None or reading.is_refused:
            raise CommandError(f"{run.path.name} was refused: see above.")

    def say(self, remark: Remark, number: str = "") -> None:
        place = "file" if remark.row is None else f"row {remark.row}"
        order = f" {number}" if number else ""
        self.stdout.write(f"{place}{order}  {remark.severity}  {remark.field}: {remark.message}")


def _spool(findings: IO[str], remark: Remark) -> None:
    findings.write(json.dumps(remark_as_json(remark)) + "\n")


def summary(run: FileImport) -> dict[str, Any]:
    reading = run.reading
    return {
        "format": reading.format if reading else "",
        "source": run.source,
        "dry_run": run.is_dry_run,
        "unknown_columns": list(reading.unknown_columns) if reading else [],
        **{state: run.counts[state] for state in STATES},
    }
