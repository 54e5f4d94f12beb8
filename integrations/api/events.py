"""An order's history and its parcels' scans as one list, in the order in which we learnt them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound

from orders.models import Order, OrderEvent, TrackingEvent

HISTORY, SCAN = 0, 1
_DIGITS = 18


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an event stands; a late scan has an old time of its own, but comes last here."""

    learnt_at: datetime
    source: int
    pk: int

    def __str__(self) -> str:
        plain = f"{self.learnt_at.isoformat()}|{self.source}|{self.pk}"
        return base64.urlsafe_b64encode(plain.encode()).decode()


def place_of(cursor: str) -> Place:
    """Raises NotFound for a cursor that we did not make."""
    try:
        plain = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("ascii")
        moment, source, pk = plain.split("|")
        learnt_at = parse_datetime(moment)
    except (ValueError, binascii.Error):
        raise NotFound("Invalid cursor") from None
    is_known = source in {str(HISTORY), str(SCAN)} and pk.isdecimal() and len(pk) <= _DIGITS
    if learnt_at is None or learnt_at.tzinfo is None or not 1970 <= learnt_at.year <= 9000:
        raise NotFound("Invalid cursor")
    if not is_known:
        raise NotFound("Invalid cursor")
    return Place(learnt_at, int(source), int(pk))


def events_after(
    order: Order, place: Place | None, limit: int, *, with_scans: bool
) -> list[tuple[Place, Any]]:
    """At most so many events after the place, oldest first; two queries."""
    history = order.events.annotate(learnt_at=F("at"))
    found = [*_next_of(history, HISTORY, place, limit)]
    if with_scans:
        scans = TrackingEvent.objects.filter(shipment__order=order).select_related("shipment")
        learnt = scans.annotate(learnt_at=F("received_at"))
        found += _next_of(learnt, SCAN, place, limit)
    return sorted(found, key=lambda pair: pair[0])[:limit]


def _next_of(
    rows: QuerySet[Any], source: int, place: Place | None, limit: int
) -> Sequence[tuple[Place, Any]]:
    if place is not None:
        rows = rows.filter(_after(place, source))
    return [
        (Place(row.learnt_at, source, row.pk), row)
        for row in rows.order_by("learnt_at", "pk")[:limit]
    ]


def _after(place: Place, source: int) -> Q:
    """Of rows learnt in the very same moment, the history comes before the scans."""
    later = Q(learnt_at__gt=place.learnt_at)
    if source < place.source:
        return later
    if source > place.source:
        return later | Q(learnt_at=place.learnt_at)
    return later | Q(learnt_at=place.learnt_at, pk__gt=place.pk)


def event_body(place: Place, row: OrderEvent | TrackingEvent) -> dict[str, Any]:
    if isinstance(row, OrderEvent):
        return {
            "id": f"history-{row.pk}",
            "at": row.at,
            "recorded_at": place.learnt_at,
            "kind": row.kind,
            "from_status": row.from_status,
            "to_status": row.to_status,
            "message": row.message,
            "actor": row.actor_label,
            "correlation_id": row.correlation_id,
            "shipment": "",
            "code": "",
            "place": "",
        }
    return {
        "id": f"scan-{row.pk}",
        "at": row.at,
        "recorded_at": place.learnt_at,
        "kind": "scan",
        "from_status": "",
        "to_status": "",
        "message": row.words,
        "actor": "",
        "correlation_id": "",
        "shipment": row.shipment.reference,
        "code": row.code,
        "place": row.place,
    }
