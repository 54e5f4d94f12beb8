"""How many rows of an import are in which state, for its pages and confirmations."""

from dataclasses import dataclass

from django.db.models import Count

from orders.models import ImportRow, ImportSession, RowState
from orders.services.imports.sessions import APPLICABLE

ROW_LABELS = {
    "ready": "success",
    "warning": "warning",
    "error": "danger",
    "skipped": "default",
    "created": "success",
    "updated": "primary",
    "unchanged": "info",
    "failed": "danger",
    "undone": "default",
    "kept": "warning",
}


@dataclass(frozen=True, slots=True)
class StateCount:
    state: str
    label: str
    count: int


def counts_of(session: ImportSession) -> list[StateCount]:
    """One query; only states that a row is in, in the order of a row's life."""
    rows = ImportRow.objects.filter(session=session).order_by()
    found = dict(rows.values_list("state").annotate(Count("pk")))
    return [StateCount(s.value, s.label, found[s.value]) for s in RowState if found.get(s.value)]


def applicable(counts: list[StateCount]) -> int:
    return sum(one.count for one in counts if one.state in APPLICABLE)


def has_applicable(session: ImportSession) -> bool:
    return ImportRow.objects.filter(session=session, state__in=APPLICABLE).exists()


def count_in(counts: list[StateCount], *states: RowState) -> int:
    return sum(one.count for one in counts if one.state in states)
