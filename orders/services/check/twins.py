"""Finding orders that look like one: same recipient, same lines, within some days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.actor import current_actor
from orders.models import (
    DuplicatePair,
    Finding,
    FindingState,
    Order,
    OrderEvent,
    OrderStatus,
    PairState,
    Severity,
)
from orders.models.order import event_context

CODE = "possible_duplicate"


@dataclass(frozen=True, slots=True)
class _Twin:
    pk: int
    number: str
    source: str
    fingerprint: str
    created_at: datetime


def pair_twins(ids: Sequence[int]) -> list[DuplicatePair]:
    """Pair each of these orders with its nearest older look-alike, and with the next newer one.

    Inside the caller's transaction, in a constant number of queries. A pair that was decided is
    never asked about again; an undecided one whose orders are alike no more is dropped.
    """
    groups = _groups(ids)
    wanted = {
        (first.pk, second.pk): (first, second)
        for group in groups.values()
        for first, second in _neighbours(group)
    }
    asked = {twin.pk for group in groups.values() for twin in group} | set(ids)
    pairs = DuplicatePair.objects.filter(Q(first__in=asked) | Q(second__in=asked))
    known = {(pair.first_id, pair.second_id): pair for pair in pairs}
    _drop([p for key, p in known.items() if p.state == PairState.OPEN and key not in wanted])
    return _open([twins for key, twins in wanted.items() if key not in known])


def _groups(ids: Sequence[int]) -> dict[str, list[_Twin]]:
    """Every order that may be alike, by fingerprint, oldest first."""
    marks = (
        Order.objects.filter(pk__in=ids)
        .exclude(fingerprint="")
        .exclude(status=OrderStatus.CANCELLED)
        .values("fingerprint")
    )
    alike = Order.objects.filter(fingerprint__in=marks).exclude(status=OrderStatus.CANCELLED)
    groups: dict[str, list[_Twin]] = defaultdict(list)
    columns = ("pk", "number", "source", "fingerprint", "created_at")
    for row in alike.order_by("pk").values_list(*columns):
        groups[row[3]].append(_Twin(*row))
    return groups


def _neighbours(group: Sequence[_Twin]) -> Iterable[tuple[_Twin, _Twin]]:
    window = timedelta(days=settings.DUPLICATE_WINDOW_DAYS)
    for first, second in pairwise(group):
        if abs(second.created_at - first.created_at) <= window:
            yield first, second


def _drop(pairs: Sequence[DuplicatePair]) -> None:
    if not pairs:
        return
    close_findings(pairs)
    DuplicatePair.objects.filter(pk__in=[pair.pk for pair in pairs], state=PairState.OPEN).delete()


def close_findings(
    pairs: Sequence[DuplicatePair], state: FindingState = FindingState.RESOLVED, reason: str = ""
) -> None:
    """Close what was said about these pairs; it was said of the newer order, once."""
    said = Finding.objects.filter(
        order__in=[pair.second_id for pair in pairs], code=CODE, state=FindingState.OPEN
    )
    said.update(
        state=state,
        override_reason=reason,
        closed_at=timezone.now(),
        closed_by_id=current_actor.get().user_id,
    )


def _open(twins: Sequence[tuple[_Twin, _Twin]]) -> list[DuplicatePair]:
    if not twins:
        return []
    seconds = [second.pk for _first, second in twins]
    pairs = DuplicatePair.objects.bulk_create(
        DuplicatePair(first_id=first.pk, second_id=second.pk, fingerprint=first.fingerprint)
        for first, second in twins
    )
    # An order alike to several is told once; the finding before this one spoke of an older pair.
    Finding.objects.filter(order__in=seconds, code=CODE, state=FindingState.OPEN).update(
        state=FindingState.RESOLVED, closed_at=timezone.now()
    )
    told = [(pair, *both) for pair, both in zip(pairs, twins, strict=True)]
    Finding.objects.bulk_create(_finding(*one) for one in told)
    Order.objects.filter(pk__in=seconds).update(updated_at=timezone.now())
    OrderEvent.objects.bulk_create(
        OrderEvent(
            order_id=second.pk,
            kind="finding",
            message=f"Looks like order {first.number} from {first.source}.",
            **event_context(),
        )
        for first, second in twins
    )
    return pairs


def _finding(pair: DuplicatePair, first: _Twin, second: _Twin) -> Finding:
    return Finding(
        order_id=second.pk,
        code=CODE,
        severity=Severity.WARNING,
        field="number",
        message=f"Same recipient and same lines as order {first.number} from {first.source}.",
        next_step="Compare the two under Duplicates: keep both, merge, or cancel one.",
        details={"pair": pair.pk, "order": first.pk},
    )
