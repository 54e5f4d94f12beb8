"""A parcel's scans become its timeline, its state, and the status of its order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.platforms.remote import Journey, TrackingCode
from integrations.platforms.remote import TrackingEvent as RemoteEvent
from integrations.tracking import states
from integrations.tracking.links import safe_link
from integrations.tracking.order_status import match_order
from integrations.tracking.sentences import scans_of
from integrations.tracking.states import Scan
from orders.models import Order, Shipment, ShipmentState, TrackingEvent
from orders.services.history import take_turn

_LEFT = (
    TrackingCode.COLLECTED,
    TrackingCode.IN_TRANSIT,
    TrackingCode.OUT_FOR_DELIVERY,
    TrackingCode.ATTEMPT_FAILED,
    TrackingCode.READY_FOR_PICKUP,
    TrackingCode.RETURNING,
    TrackingCode.DELIVERED,
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a call changed: new scans, and the shipment's state when that is another now."""

    added: int = 0
    state: str = ""

    @property
    def is_news(self) -> bool:
        return bool(self.added or self.state)


def record_journey(shipment: Shipment, journey: Journey) -> Recorded:
    """Record all that a platform says of a parcel's way, its tracking number included."""
    changes = {
        "tracking_number": journey.tracking_number[:100],
        "tracking_url": safe_link(journey.tracking_url),
    }
    missing = {
        name: value for name, value in changes.items() if value and not getattr(shipment, name)
    }
    if missing:
        Shipment.objects.filter(pk=shipment.pk).update(**missing)
    return record_events(shipment, journey.events, said=journey.code, words=journey.words)


@transaction.atomic
def record_events(
    shipment: Shipment, events: Iterable[RemoteEvent], *, said: str = "", words: str = ""
) -> Recorded:
    """Merge scans into the timeline; shipment and order follow it, together or not at all.

    `said` is the platform's code for the whole journey, `words` its own. Telling the same twice
    changes nothing, and neither does the order of telling.
    """
    told = tuple(events)
    order = Order.objects.get(pk=shipment.order_id)
    take_turn(order)
    order.refresh_from_db()
    shipment.refresh_from_db()
    added = _merge(shipment, told)
    scans = scans_of(shipment)
    said = _worth_hearing(said, told, scans)
    state = states.state_after(shipment.state, scans, said)
    changed = _follow(shipment, state, scans)
    match_order(order, shipment, scans, words)
    return Recorded(added, state if changed else "")


@transaction.atomic
def settle_order(shipment: Shipment) -> None:
    """Let an order follow its shipment that could not when the news came."""
    order = Order.objects.get(pk=shipment.order_id)
    take_turn(order)
    order.refresh_from_db()
    shipment.refresh_from_db()
    match_order(order, shipment, scans_of(shipment), "")


def _merge(shipment: Shipment, events: Iterable[RemoteEvent]) -> int:
    """One row a digest; the order's turn keeps everybody else out meanwhile."""
    known = set(TrackingEvent.objects.filter(shipment=shipment).values_list("digest", flat=True))
    fresh = {event.digest: event for event in events if event.digest not in known}
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            shipment=shipment,
            at=event.at,
            code=event.code,
            words=event.words[:500],
            place=event.place[:200],
            digest=digest,
        )
        for digest, event in fresh.items()
    )
    return len(fresh)


def _worth_hearing(said: str, told: tuple[RemoteEvent, ...], scans: list[Scan]) -> str:
    """The code of the whole, unless scans are known that are newer than this answer.

    An end is always heard: it cannot be taken back by an older answer.
    """
    meaning = states.meaning_of(said)
    if meaning is None or states.is_end(meaning):
        return said
    newest_told = max((event.at for event in told), default=None)
    is_stale = bool(scans) and (newest_told is None or scans[-1].at > newest_told)
    return "" if is_stale else said


def _follow(shipment: Shipment, state: ShipmentState, scans: list[Scan]) -> bool:
    """Write the state and its times; True when it is another than before."""
    before, now = shipment.state, timezone.now()
    changes: dict[str, Any] = {"state": state}
    if shipment.shipped_at is None and states.has_left(scans, state):
        changes["shipped_at"] = states.first_time(scans, *_LEFT) or now
    if shipment.delivered_at is None and state == ShipmentState.DELIVERED:
        changes["delivered_at"] = states.first_time(scans, TrackingCode.DELIVERED) or now
    if state == before and len(changes) == 1:
        return False
    for name, value in changes.items():
        setattr(shipment, name, value)
    shipment.save(update_fields=list(changes))
    return state != before
