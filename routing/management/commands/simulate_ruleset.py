"""manage.py simulate_ruleset: what would this ruleset have changed?"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from routing.figures import Summary, counts_of, figures
from routing.models import Ruleset, Simulation, SimulationState
from routing.services.simulate import run_simulation, start_simulation

SURPRISES = 10


class Command(BaseCommand):
    help = (
        "Make the decisions of the last days again under a ruleset, with the stock as it was "
        "then, and print what would change. Orders are not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ruleset", type=int, help="The ruleset's id, as in its address.")
        parser.add_argument("--days", type=int, default=14)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        ruleset = Ruleset.objects.filter(pk=options["ruleset"]).first()
        if ruleset is None:
            raise CommandError(f"There is no ruleset with the id {options['ruleset']}.")
        try:
            simulation = start_simulation(ruleset, options["days"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        while simulation.state in (SimulationState.WAITING, SimulationState.RUNNING):
            run_simulation(simulation.pk)
            simulation.refresh_from_db()
        said = as_json(simulation)
        self.stdout.write(json.dumps(said) if options["json"] else told(said))


def as_json(simulation: Simulation) -> dict[str, Any]:
    rows = simulation.rows.select_related("decision__order")[:SURPRISES]
    return {
        "ruleset": str(simulation.ruleset),
        "days": simulation.days,
        "orders": simulation.done,
        "changed": simulation.changed,
        "summary": simulation.summary,
        "surprises": [
            {
                "order": row.decision.order.number,
                "before": row.before,
                "after": row.after,
                "cents": [row.cents_before, row.cents_after],
                "arrives": [str(row.arrives_before or ""), str(row.arrives_after or "")],
            }
            for row in rows
        ],
    }


def told(said: dict[str, Any]) -> str:
    summary = said["summary"]
    lines = [
        f"{said['ruleset']}: {said['changed']} of {said['orders']} orders of the last "
        f"{said['days']} days would go another way."
    ]
    if not said["orders"]:
        return lines[0]
    rows = [(one.label, one.before, one.after, one.difference) for one in figures(summary)]
    rows += [*_parcels(summary, "warehouse"), *_parcels(summary, "carrier")]
    lines.append(f"  {'':32} {'before':>12} {'after':>12}  difference")
    lines += [f"  {what:32} {old:>12} {new:>12}  {more}" for what, old, new, more in rows]
    if said["surprises"]:
        lines.append("  The largest surprises:")
    lines += [f"    {row['order']}: {row['before']} → {row['after']}" for row in said["surprises"]]
    return "\n".join(lines)


def _parcels(summary: Summary, kind: str) -> Iterator[tuple[str, str, str, str]]:
    before, after = (counts_of(summary, f"{side}.{kind}.") for side in ("before", "after"))
    for code in sorted({*before, *after}):
        old, new = before.get(code, 0), after.get(code, 0)
        more = f"{new - old:+,}" if new != old else "same"
        yield f"Parcels, {kind} {code}", f"{old:,}", f"{new:,}", more
