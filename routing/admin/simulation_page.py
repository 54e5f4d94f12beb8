"""What the page of a simulation shows: progress, figures before and after, differences."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from routing.admin.ruleset_looks import SIMULATION_LABELS
from routing.figures import Summary, counts_of, figures
from routing.models import Simulation, SimulationRow
from routing.sentences import money
from routing.services.names import Names
from routing.services.simulate import WORKING

ROWS_A_PAGE = 50
SURPRISES = 10


@dataclass(frozen=True, slots=True)
class Shares:
    """Parcels by warehouse or by carrier: the table, and the same as a chart's data."""

    title: str
    rows: list[tuple[str, int, str, int, str]]
    chart: str
    height: int


def simulation_context(simulation: Simulation, request: HttpRequest) -> dict[str, Any]:
    """A constant number of queries, whatever the number of orders."""
    summary, names = simulation.summary, Names.load()
    return {
        "simulation": simulation,
        "look": SIMULATION_LABELS[simulation.state],
        "is_old": simulation.ruleset_version != simulation.ruleset.version,
        "is_working": simulation.state in WORKING,
        "said": progress_of(simulation)["said"],
        "figures": list(figures(summary)),
        "shares": [
            shares("Parcels by warehouse", "warehouse", summary, names),
            shares("Parcels by carrier", "carrier", summary, names),
        ],
        "lost": simulation.done - summary.get("compared", 0),
        "unreadable": summary.get("unreadable", 0),
        "surprises": [_described(row, names) for row in _rows(simulation)[:SURPRISES]],
        "page": _page(simulation, request, names),
        "options": json.dumps(OPTIONS),
    }


def progress_of(simulation: Simulation) -> dict[str, Any]:
    """What the progress bar asks for."""
    label = simulation.get_state_display()
    return {
        "is_working": simulation.state in WORKING,
        "state": simulation.state,
        "done": simulation.done,
        "total": simulation.total,
        "said": f"{label}: {simulation.done:,} of {simulation.total:,} orders, "
        f"{simulation.changed:,} would change",
        "url": reverse("admin:routing_simulation_change", args=[simulation.pk]),
    }


def shares(title: str, kind: str, summary: Summary, names: Names) -> Shares:
    """Counts and shares of the whole on both sides, the largest after first."""
    before, after = (counts_of(summary, f"{side}.{kind}.") for side in ("before", "after"))
    codes = sorted({*before, *after}, key=lambda code: (-after.get(code, 0), code))
    old, new = sum(before.values()) or 1, sum(after.values()) or 1
    rows = [
        (
            names.said(code),
            before.get(code, 0),
            f"{before.get(code, 0) / old:.0%}",
            after.get(code, 0),
            f"{after.get(code, 0) / new:.0%}",
        )
        for code in codes
    ]
    chart = _chart(codes, [row[0] for row in rows], before, after)
    return Shares(title, rows, chart, 60 + 44 * len(codes))


def _chart(
    codes: list[str], labels: list[str], before: Mapping[str, int], after: Mapping[str, int]
) -> str:
    """For the theme's chart component; it turns var(…) into the theme's colours."""
    sides = (("Before", before, "--color-base-400"), ("After", after, "--color-primary-600"))
    datasets = [
        {
            "label": label,
            "data": [counts.get(code, 0) for code in codes],
            "backgroundColor": f"var({colour})",
        }
        for label, counts, colour in sides
    ]
    return json.dumps({"labels": labels, "datasets": datasets})


OPTIONS: Mapping[str, Any] = {
    "animation": False,
    "responsive": True,
    "maintainAspectRatio": False,
    "indexAxis": "y",
    "plugins": {
        "legend": {
            "display": True,
            "align": "end",
            "labels": {"boxWidth": 10, "boxHeight": 10, "color": "#9ca3af"},
        }
    },
    "datasets": {"bar": {"borderRadius": 4, "maxBarThickness": 16}},
    "scales": {
        "x": {
            "beginAtZero": True,
            "grid": {"tickWidth": 0},
            "border": {"width": 0},
            "ticks": {"color": "#9ca3af", "precision": 0},
        },
        "y": {"grid": {"display": False}, "border": {"width": 0}, "ticks": {"color": "#9ca3af"}},
    },
}
"""The theme's own options draw thin bars over one another."""


def _rows(simulation: Simulation) -> Any:
    rows = SimulationRow.objects.filter(simulation=simulation).order_by("-surprise", "id")
    orders = rows.select_related("decision__order")
    # A decision's whole result is large, and the table shows none of it.
    return orders.only(
        *(field.attname for field in SimulationRow._meta.concrete_fields),
        "decision__currency",
        "decision__order__number",
    )


def _page(simulation: Simulation, request: HttpRequest, names: Names) -> Page:
    page = Paginator(_rows(simulation), ROWS_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [_described(row, names) for row in page.object_list]
    return page


def _described(row: Any, names: Names) -> Any:
    """Give the row what its line in the table says."""
    currency = row.decision.currency
    row.order = row.decision.order
    row.before, row.after = names.said(row.before), names.said(row.after)
    row.price = _price(row.cents_before, row.cents_after, currency)
    row.days = _later(row)
    return row


def _price(before: int | None, after: int | None, currency: str) -> str:
    if before is None and after is None:
        return "–"
    if before is None or after is None:
        return f"{_amount(before, currency)} → {_amount(after, currency)}"
    if before == after:
        return money(after, currency)
    sign = "+" if after > before else "−"
    return f"{money(after, currency)} ({sign}{money(abs(after - before), '').strip()})"


def _amount(cents: int | None, currency: str) -> str:
    return "–" if cents is None else money(cents, currency)


def _later(row: SimulationRow) -> str:
    if row.arrives_before is None or row.arrives_after is None:
        return "–"
    days = (row.arrives_after - row.arrives_before).days
    if not days:
        return "same day"
    return f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'later' if days > 0 else 'sooner'}"
