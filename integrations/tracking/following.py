"""Asking for every parcel under way, in rounds: Veeqo tells nothing by itself, others forget."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.correlation import correlated
from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.connections import calls_about, platform_named
from integrations.models import SyncCursor
from integrations.platforms.base import Platform
from integrations.platforms.errors import PlatformError, concerns_everybody
from integrations.platforms.remote import Journey
from integrations.tracking import cursors
from integrations.tracking.timeline import record_journey, settle_order
from orders.models import OrderStatus, Shipment, ShipmentState

WINDOW = timedelta(days=60)
"""Older labels are asked about no more."""
OVERLAP = timedelta(hours=6)
"""A delivered parcel is asked about so much longer: scans come late, carriers correct them."""
_UNDER_WAY = (
    ShipmentState.CREATED,
    ShipmentState.LABELLED,
    ShipmentState.SHIPPED,
    ShipmentState.EXCEPTION,
    ShipmentState.LOST,
)
_MOVED = (
    ShipmentState.SHIPPED,
    ShipmentState.DELIVERED,
    ShipmentState.EXCEPTION,
    ShipmentState.RETURNED,
    ShipmentState.LOST,
)
_MOST_SETTLED = 500
_FOREVER = float("inf")


@dataclass(slots=True)
class Followed:
    """What a run has done; `unknown` parcels are those the platform does not know."""

    asked: int = 0
    news: int = 0
    unknown: int = 0
    failed: int = 0
    is_complete: bool = False
    error: str = ""


def parcels_to_ask(platform: str, now: datetime) -> QuerySet[Shipment]:
    """The window: parcels under way, and those delivered just now."""
    delivered = Q(state=ShipmentState.DELIVERED, delivered_at__gte=now - OVERLAP)
    return Shipment.objects.filter(
        Q(state__in=_UNDER_WAY) | delivered, platform=platform, created_at__gte=now - WINDOW
    ).exclude(remote_shipment_id="")


@correlated()
def follow_parcels(platform: str, *, seconds: float = _FOREVER, anew: bool = False) -> Followed:
    """Go on with the platform's round, or begin one, for so many seconds; `anew`: always begin.

    One run at a time for each platform: a second one asks nothing. A failure of the platform ends
    the run, and the next goes on from there.
    """
    followed = Followed()
    if blocked_until(platform, timezone.now()) is not None:
        followed.error = "It may not be called now."
        return followed
    cursor = cursors.take_cursor(platform)
    if cursor is None:
        followed.error = "Another run is asking already."
        return followed
    try:
        _settle_orders(platform)
        cursors.begin_round(cursor, anew=anew)
        _go_round(platform, cursor, time.monotonic() + seconds, followed)
    except cursors.CursorLost:
        followed.error = "Another run has taken over."
    finally:
        cursors.give_back(cursor)
    return followed


def _go_round(platform: str, cursor: SyncCursor, end: float, followed: Followed) -> None:
    adapter = platform_named(platform)
    while time.monotonic() < end:
        window = parcels_to_ask(platform, timezone.now()).filter(pk__gt=cursor.position)
        part = list(window.order_by("pk")[: adapter.tracks_at_once])
        if not part:
            cursors.end_round(cursor)
            followed.is_complete = True
            return
        if not _ask(adapter, cursor, part, followed):
            return
        cursors.move_on(cursor, part[-1].pk, len(part))


def _ask(
    adapter: Platform, cursor: SyncCursor, part: Sequence[Shipment], followed: Followed
) -> bool:
    """False when the platform answers nobody: then the round stays where it is."""
    try:
        with calls_about({shipment.order_id for shipment in part}):
            journeys = adapter.track([shipment.remote_shipment_id for shipment in part])
    except PlatformError as error:
        cursors.note_error(cursor, str(error))
        followed.error = str(error)
        if concerns_everybody(error):
            return False
        followed.failed += len(part)
        return True
    _record(part, journeys, followed)
    return True


def _record(part: Sequence[Shipment], journeys: Mapping[str, Journey], followed: Followed) -> None:
    for shipment in part:
        followed.asked += 1
        journey = journeys.get(shipment.remote_shipment_id)
        if journey is None:
            followed.unknown += 1
            continue
        followed.news += record_journey(shipment, journey).is_news


def _settle_orders(platform: str) -> None:
    """Orders whose parcel moved on while they could not; a split one waits for its last."""
    others = Shipment.objects.filter(order=OuterRef("order")).exclude(
        state__in=[ShipmentState.DELIVERED, ShipmentState.CANCELLED]
    )
    behind = Shipment.objects.filter(
        Q(state__in=_MOVED, order__status=OrderStatus.SENT)
        | Q(~Exists(others), state=ShipmentState.DELIVERED, order__status=OrderStatus.SHIPPED),
        platform=platform,
    )
    for shipment in behind.order_by("pk")[:_MOST_SETTLED]:
        settle_order(shipment)
