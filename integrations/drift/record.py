"""What a look has shown, written down: findings opened, seen again, or resolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from integrations.drift.values import Comparison, Difference
from integrations.models import UNSETTLED, DriftFinding, DriftLook, DriftState, Settled
from orders.models import Shipment


@dataclass(frozen=True, slots=True)
class Subject:
    """An order there, and what of ours it belongs to."""

    platform: str
    remote_id: str
    reference: str = ""
    order_id: int | None = None
    shipment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many findings a look opened and resolved."""

    opened: int = 0
    resolved: int = 0


def subject_of(shipment: Shipment) -> Subject:
    return Subject(
        shipment.platform,
        shipment.remote_id,
        shipment.reference,
        shipment.order_id,
        shipment.pk,
    )


@transaction.atomic
def record_comparison(subject: Subject, comparison: Comparison, at: datetime) -> Recorded:
    """Match the open findings about an order there to what was seen at `at`.

    One that the look did not compare stays as it is.
    """
    rows = DriftFinding.objects.unsettled().filter(
        platform=subject.platform, remote_id=subject.remote_id
    )
    held = {(row.kind, row.field): row for row in rows.select_for_update()}
    opened = 0
    for difference in comparison.differences:
        known = held.get((difference.kind, difference.field))
        if known is None:
            opened += _open(subject, difference, at)
        else:
            _see_again(known, difference, at)
    agreed = [row for key, row in held.items() if comparison.clears(*key)]
    return Recorded(opened, sum(_resolve(row, at) for row in agreed))


def note_looks(shipments: Sequence[Shipment], at: datetime) -> None:
    """These were compared at `at`."""
    DriftLook.objects.bulk_create(
        [DriftLook(shipment=shipment, at=at) for shipment in shipments],
        update_conflicts=True,
        unique_fields=["shipment"],
        update_fields=["at"],
    )


def _open(subject: Subject, difference: Difference, at: datetime) -> int:
    """1 for a new finding; 0 when somebody else wrote the same just now."""
    _finding, is_new = DriftFinding.objects.get_or_create(
        platform=subject.platform,
        remote_id=subject.remote_id,
        kind=difference.kind,
        field=difference.field,
        state__in=UNSETTLED,
        defaults={
            "state": DriftState.OPEN,
            "reference": subject.reference[:100],
            "order_id": subject.order_id,
            "shipment_id": subject.shipment_id,
            "first_seen_at": at,
            "last_seen_at": at,
            "looked_at": at,
            **_values(difference),
        },
    )
    return int(is_new)


def _see_again(known: DriftFinding, difference: Difference, at: datetime) -> None:
    """A finding was ignored for what it said: another value brings it back."""
    values = _values(difference)
    changed = {name for name, value in values.items() if getattr(known, name) != value}
    lifted = {"ignored_until": None} if changed & {"ours", "theirs"} else {}
    DriftFinding.objects.filter(pk=known.pk).update(
        last_seen_at=at, looked_at=at, **values, **lifted
    )


def _resolve(known: DriftFinding, at: datetime) -> int:
    how = Settled.PUSHED if known.state == DriftState.SETTLING else Settled.AGREED
    return settle_row(known, how, looked_at=at, error="", settled_at=at)


def settle_row(known: DriftFinding, how: Settled, **changes: Any) -> int:
    """Close an unsettled finding; 0 when it is closed already."""
    unsettled = DriftFinding.objects.unsettled().filter(pk=known.pk)
    return unsettled.update(state=DriftState.RESOLVED, settled=how, ignored_until=None, **changes)


def _values(difference: Difference) -> dict[str, Any]:
    return {
        "ours": difference.ours[:500],
        "theirs": difference.theirs[:500],
        "details": dict(difference.details),
    }
