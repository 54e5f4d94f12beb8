"""Making the database's rows equal to the sheets', and counting what it took."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model

from warehouses.seed.sheets import BadSheet

M = TypeVar("M", bound=Model)

# Switched by staff; seeding again must not switch it back.
KEPT_FIELDS = {"is_active"}


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of one kind."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def sync(wanted: Sequence[M], existing: Iterable[M], key: Callable[[M], Hashable]) -> Tally:
    """Insert and update until every wanted row is there; rows nobody asked for stay.

    Raises BadSheet if two wanted rows share a key.
    """
    refuse_repeats(wanted, key)
    known = {key(row): row for row in existing}
    fresh = [row for row in wanted if key(row) not in known]
    changed = [row for row in wanted if key(row) in known and _adopt(row, known[key(row)])]
    if fresh:
        type(fresh[0])._default_manager.bulk_create(fresh)
    if changed:
        type(changed[0])._default_manager.bulk_update(changed, _compared(changed[0]))
    return Tally(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed))


def refuse_repeats(wanted: Sequence[M], key: Callable[[M], Hashable]) -> None:
    """Raise BadSheet if two rows share a key."""
    counts = Counter(key(row) for row in wanted)
    for row in wanted:
        if counts[key(row)] > 1:
            kind = row._meta.verbose_name_plural
            raise BadSheet(f"The sheet of {kind}", f"“{row}” is there {counts[key(row)]} times")


def _adopt(row: M, old: M) -> bool:
    """Give the wanted row its place in the database; True if it differs from what is there."""
    row.pk = old.pk
    return any(getattr(row, name) != getattr(old, name) for name in _compared(row))


def _compared(row: Model) -> list[str]:
    fields = row._meta.concrete_fields
    return [f.attname for f in fields if not f.primary_key and f.name not in KEPT_FIELDS]
