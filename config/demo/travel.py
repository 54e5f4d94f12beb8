"""The parcels' way from label to doorstep: days pass at the sandbox, and news come back to us.

Easyship's come by its webhooks, to the site and through a worker. Veeqo has none, so it is asked,
as the schedule does every ten minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import requests
from django.db.models import Count

from config.demo.waiting import Patience, TookTooLong
from core.errors import DomainError
from integrations.models import WebhookEvent, WebhookState
from integrations.tracking.following import follow_parcels
from orders.models import Order, OrderStatus, Shipment, ShipmentState
from warehouses.models import Platform

DAYS = 14
_HOURS_A_STEP = 48
_TELL_SECONDS = 20.0
_END_SECONDS = 60.0
_UNDER_WAY = (ShipmentState.CREATED, ShipmentState.LABELLED, ShipmentState.SHIPPED)
_FOLLOWING = (OrderStatus.SENT, OrderStatus.SHIPPED)
COMES_BACK = "D-1016"
"""Nobody takes this one in, so that there is a parcel that needs a person."""


class NotArrived(DomainError):
    code = "not_arrived"

    def __init__(self, numbers: list[str]):
        super().__init__(
            f"{', '.join(numbers)}: nobody told us the end of the parcel's way. "
            "Read var/demo.log: did webhooks come in, and did the worker process them?"
        )


@dataclass(frozen=True, slots=True)
class Passed:
    """How far the parcels are after so many days."""

    days: int
    waiting: int
    moving: int
    delivered: int
    troubled: int


def travel(sandbox_url: str, patience: Patience) -> Iterator[Passed]:
    """Let days pass until every parcel came to an end. Raises NotArrived, Ended, TookTooLong."""
    _turn_back(sandbox_url)
    for days in range(0, DAYS, _HOURS_A_STEP // 24):
        _control(sandbox_url, "advance", hours=_HOURS_A_STEP)
        patience.wait_until(lambda: _told(sandbox_url), "Easyship's webhooks", _TELL_SECONDS)
        follow_parcels(Platform.VEEQO, anew=True)
        yield _passed(days + _HOURS_A_STEP // 24)
        if not _behind():
            return
    try:
        patience.wait_until(lambda: not _behind(), "The last news", _END_SECONDS)
    except TookTooLong:
        raise NotArrived(_behind()) from None


def webhook_counts() -> tuple[int, int]:
    """Events received, and those of them that are processed."""
    states = WebhookEvent.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = dict(states)
    return sum(counts.values()), counts.get(WebhookState.DONE, 0)


def _turn_back(sandbox_url: str) -> None:
    """The carrier brings one parcel back; on a second run it is back already."""
    parcels = Shipment.objects.filter(order__number=COMES_BACK, state__in=_UNDER_WAY)
    for parcel in parcels:
        about = {"platform": parcel.platform, "reference": parcel.reference}
        _control(sandbox_url, "track", **about, step="in_transit")
        _control(sandbox_url, "track", **about, step="returned")


def _told(sandbox_url: str) -> bool:
    """Nothing waits to be delivered by the sandbox, or to be processed by our worker."""
    waiting = _asked(sandbox_url, "statistics")["waiting"]
    return not waiting["deliveries"] and not _unprocessed()


def _unprocessed() -> bool:
    return WebhookEvent.objects.filter(state=WebhookState.WAITING).exists()


def _behind() -> list[str]:
    """Orders whose parcel, or who themselves, are still on the way."""
    parcels = Shipment.objects.filter(state__in=_UNDER_WAY).exclude(tracking_number="")
    late = set(parcels.values_list("order__number", flat=True))
    late |= set(Order.objects.filter(status__in=_FOLLOWING).values_list("number", flat=True))
    return sorted(late)


def _passed(days: int) -> Passed:
    states = dict(
        Shipment.objects.exclude(tracking_number="")
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    waiting = states.pop(ShipmentState.LABELLED, 0) + states.pop(ShipmentState.CREATED, 0)
    moving = states.pop(ShipmentState.SHIPPED, 0)
    delivered = states.pop(ShipmentState.DELIVERED, 0)
    states.pop(ShipmentState.CANCELLED, 0)
    return Passed(days, waiting, moving, delivered, sum(states.values()))


def _control(sandbox_url: str, name: str, **body: object) -> None:
    with _session() as session:
        answer = session.post(f"{sandbox_url}/_control/{name}", json=body, timeout=30)
        answer.raise_for_status()


def _asked(sandbox_url: str, name: str) -> dict[str, dict[str, int]]:
    with _session() as session:
        answer = session.get(f"{sandbox_url}/_control/{name}", timeout=30)
        answer.raise_for_status()
        return dict(answer.json())


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session
