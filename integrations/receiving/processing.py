"""Hints become knowledge: each shipment named is fetched once, and what it says is recorded."""

import logging
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.correlation import correlated
from core.tasks import enqueue, task
from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.connections import calls_about, platform_named
from integrations.dispatching.policy import current_policy
from integrations.models import WebhookEvent, WebhookState
from integrations.platforms.errors import OutOfBudget, Paused, PlatformError
from integrations.receiving.rules import BATCH, LEASE, MOST_ATTEMPTS
from integrations.tracking.timeline import record_journey
from orders.models import Shipment
from warehouses.models import Platform

logger = logging.getLogger(__name__)

_LONGEST_RUN_SECONDS = 20.0
"""A call begun in time may still wait 30 s for budget; the queue's timeout is 60 s."""
_HELD_BACK = (OutOfBudget, Paused)


@dataclass(slots=True)
class Processed:
    """Events by what became of them."""

    done: int = 0
    ignored: int = 0
    later: int = 0
    failed: int = 0


@task
def process_webhook(event_id: int) -> str:
    """Process this event with all others that are due; one that is settled costs nothing."""
    event = WebhookEvent.objects.filter(pk=event_id, state=WebhookState.WAITING).first()
    if event is None:
        return "settled already"
    tally = process_due(event.source, seconds=_LONGEST_RUN_SECONDS)
    if tally.done and _due(event.source).exists():
        wake_for_webhooks(event.source)
    return f"{tally.done} done, {tally.later} later, {tally.failed} failed"


def wake_for_webhooks(source: str) -> bool:
    """Queue a job for what is due; False when nothing is, or the platform may not be called."""
    oldest = _due(source).order_by("next_attempt_at").first()
    if oldest is None or blocked_until(source, timezone.now()) is not None:
        return False
    enqueue(process_webhook, oldest.pk, queue=source)
    return True


@correlated()
def process_due(source: str, *, seconds: float = float("inf")) -> Processed:
    """Take due events, at most a batch, and settle them by asking about their shipments.

    After so many seconds nothing more is asked, and the rest is given back.
    """
    tally, began, end = Processed(), timezone.now(), time.monotonic() + seconds
    events = _claim(source, began)
    shipments = _shipments_of(source, events)
    strangers = [event for event in events if event.remote_shipment_id not in shipments]
    tally.ignored = _settle(strangers, WebhookState.IGNORED, began, error="No parcel of ours.")
    for names in _parts(list(shipments), platform_named(source).tracks_at_once):
        part = [event for event in events if event.remote_shipment_id in names]
        if time.monotonic() < end:
            _ask(source, {name: shipments[name] for name in names}, part, began, tally)
        else:
            _give_back(part)
    return tally


def _due(source: str) -> QuerySet[WebhookEvent]:
    now = timezone.now()
    return WebhookEvent.objects.filter(
        source=source, state=WebhookState.WAITING, next_attempt_at__lte=now
    )


def _claim(source: str, now: datetime) -> list[WebhookEvent]:
    """Each event to one worker; the token says which are ours, whoever else claims meanwhile."""
    token = uuid.uuid4().hex
    oldest = list(
        _due(source).order_by("next_attempt_at", "id").values_list("pk", flat=True)[:BATCH]
    )
    _due(source).filter(pk__in=oldest).update(
        lease_token=token, next_attempt_at=now + LEASE, attempts=F("attempts") + 1
    )
    return list(WebhookEvent.objects.filter(source=source, lease_token=token).defer("body"))


def _shipments_of(source: str, events: Iterable[WebhookEvent]) -> dict[str, Shipment]:
    """By the id in the event: the platform's for the order or for the parcel."""
    names = {event.remote_shipment_id for event in events if event.remote_shipment_id}
    found = Shipment.objects.filter(
        Q(remote_shipment_id__in=names) | Q(remote_id__in=names), platform=source
    )
    by_order = {shipment.remote_id: shipment for shipment in found}
    by_parcel = {shipment.remote_shipment_id: shipment for shipment in found}
    return {name: row for name, row in (by_order | by_parcel).items() if name in names}


def _parts(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def _ask(
    source: str,
    shipments: dict[str, Shipment],
    events: list[WebhookEvent],
    began: datetime,
    tally: Processed,
) -> None:
    """One question about some parcels, and what is known then."""
    try:
        with calls_about({shipment.order_id for shipment in shipments.values()}):
            journeys = platform_named(source).track(list(shipments))
    except PlatformError as error:
        _postpone(events, error, tally)
        return
    for name, journey in journeys.items():
        record_journey(shipments[name], journey)
    known = [event for event in events if event.remote_shipment_id in journeys]
    unknown = [event for event in events if event.remote_shipment_id not in journeys]
    tally.done += _settle(known, WebhookState.DONE, began)
    there = Platform(source).label
    tally.failed += _settle(
        unknown, WebhookState.FAILED, began, error=f"{there} does not know this shipment."
    )


def _settle(
    events: Sequence[WebhookEvent], state: WebhookState, began: datetime, error: str = ""
) -> int:
    """Only what is still ours; one delivered again since we asked is asked about again."""
    if not events:
        return 0
    now = timezone.now()
    ours = WebhookEvent.objects.filter(
        pk__in=[event.pk for event in events],
        lease_token=events[0].lease_token,
        state=WebhookState.WAITING,
    )
    ours.filter(last_received_at__gt=began).update(next_attempt_at=now)
    return ours.filter(last_received_at__lte=began).update(
        state=state, processed_at=now, error=error, lease_token=""
    )


def _give_back(events: Sequence[WebhookEvent]) -> None:
    ours = WebhookEvent.objects.filter(
        pk__in=[event.pk for event in events], lease_token=events[0].lease_token
    )
    ours.update(attempts=F("attempts") - 1, next_attempt_at=timezone.now(), lease_token="")


def _postpone(events: list[WebhookEvent], error: PlatformError, tally: Processed) -> None:
    held_back = isinstance(error, _HELD_BACK)
    for event in events:
        hopeless = not held_back and event.attempts >= MOST_ATTEMPTS
        fails = hopeless or not error.is_retryable
        pause = current_policy().pause_after(event.attempts, error.retry_after)
        now = timezone.now()
        WebhookEvent.objects.filter(pk=event.pk, lease_token=event.lease_token).update(
            state=WebhookState.FAILED if fails else WebhookState.WAITING,
            attempts=F("attempts") - int(held_back),
            next_attempt_at=now + timedelta(seconds=pause),
            error=str(error)[:500],
            lease_token="",
        )
        tally.failed += fails
        tally.later += not fails
    logger.warning("webhook events wait", extra={"count": len(events), "error": error.code})
