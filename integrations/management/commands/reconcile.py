"""manage.py reconcile: compare the platforms with us now, and say where both disagree."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.timesince import timesince

from integrations.drift.run import Reconciled, reconcile_platform
from integrations.models import DriftFinding
from warehouses.models import Platform

_COLUMNS = ("kind", "field", "order", "reference", "ours", "theirs", "age")
_WIDEST = 44


class Command(BaseCommand):
    help = (
        "Compare every shipment of the window with what its platform holds, and what changed there "
        "with what we know. Prints what is open and repairs nothing. Exits with 1 when something "
        "could not be asked or read, whatever was found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", choices=Platform.values, help="Default: all, in turn.")
        parser.add_argument(
            "--seconds", type=float, default=float("inf"), help="Ask nothing more after so many."
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        platforms = [options["platform"]] if options["platform"] else Platform.values
        try:
            told = [reconcile_platform(name, seconds=options["seconds"]) for name in platforms]
        except KeyboardInterrupt:
            raise CommandError("Stopped before everything was compared. Run it again.") from None
        if options["json"]:
            self.stdout.write(json.dumps({each.platform: _plain(each) for each in told}))
        else:
            for each in told:
                self.tell(each)
        if failed := [str(Platform(each.platform).label) for each in told if not each.is_success]:
            raise CommandError(f"{' and '.join(failed)}: not everything was compared; see above.")

    def tell(self, told: Reconciled) -> None:
        drift = f"{told.open} open" + (f" and {told.ignored} ignored" if told.ignored else "")
        self.stdout.write(
            f"{Platform(told.platform).label}: {told.looked} compared, {told.agreed} agree, "
            f"{told.in_flight} in flight, {told.failed} failed. Drift: {drift} "
            f"({told.opened} new, {told.resolved} resolved). {told.error}".rstrip()
        )
        rows = [_row(each) for each in _open_findings(told.platform)]
        if rows:
            self.stdout.write(_table([_COLUMNS, *rows]))


def _open_findings(platform: str) -> list[DriftFinding]:
    waiting = DriftFinding.objects.waiting(timezone.now()).filter(platform=platform)
    return list(waiting.select_related("order").order_by("kind", "reference", "field", "id"))


def _plain(told: Reconciled) -> dict[str, Any]:
    last = told.last_success_at
    return asdict(told) | {
        "still_open": told.still_open,
        "last_success_at": last.isoformat() if last else None,
        "findings": [_plain_finding(each) for each in _open_findings(told.platform)],
    }


def _plain_finding(finding: DriftFinding) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "kind": finding.kind,
        "field": finding.field,
        "order": finding.order.number if finding.order else None,
        "reference": finding.reference,
        "remote_id": finding.remote_id,
        "ours": finding.ours,
        "theirs": finding.theirs,
        "state": finding.state,
        "first_seen_at": finding.first_seen_at.isoformat(),
        "age_seconds": round((timezone.now() - finding.first_seen_at).total_seconds()),
    }


def _row(finding: DriftFinding) -> tuple[str, ...]:
    return (
        finding.kind,
        finding.field,
        finding.order.number if finding.order else "–",
        finding.reference or finding.remote_id,
        finding.ours or "–",
        finding.theirs or "–",
        timesince(finding.first_seen_at, depth=1),
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    short = [[_short(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*short, strict=True)]
    return "\n".join("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in short)


def _short(text: str) -> str:
    """On one line of a terminal: what a platform says may hold anything."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown if len(shown) <= _WIDEST else f"{shown[: _WIDEST - 1]}…"
