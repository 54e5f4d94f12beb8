"""What a bulk run will ask of the platforms, told before it starts."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.dispatching.allowance import allowance_of
from integrations.dispatching.connections import platform_named
from integrations.models import LIVE, Dispatch, DispatchKind, DispatchState, PlatformHealth
from integrations.platforms.base import Platform as Adapter
from integrations.platforms.errors import PlatformError
from orders.models import Order, OrderPart, Shipment, ShipmentState
from warehouses.models import Platform

CANCELLED_THERE = Q(
    kind=DispatchKind.CREATE, state=DispatchState.NEEDS_HELP, error_code="cancelled_there"
)
"""The platform itself holds it as cancelled, so nothing of it is alive."""
_QUEUED = (DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN)


def needed_to_send(orders: QuerySet[Order]) -> list[str]:
    """For orders that will be sent by the route they have; a sentence for each platform."""
    whole = Counter(_counted(orders.filter(parcels=1), "service__carrier__platform"))
    split = orders.filter(parcels__gt=1).order_by().values("pk")
    parts = Counter(_counted(parts_to_send().filter(order__in=split), "service__carrier__platform"))
    return _told(whole + parts, lambda adapter: adapter.calls_to_send)


def parts_to_send() -> QuerySet[OrderPart]:
    """Parts of split orders of which nothing is alive, so that a resend sends them."""
    same = {"order": OuterRef("order"), "part": OuterRef("n")}
    live = Dispatch.objects.filter(**same, state__in=LIVE).exclude(CANCELLED_THERE)
    held = Shipment.objects.filter(**same).exclude(state=ShipmentState.CANCELLED)
    return OrderPart.objects.filter(~Exists(live), ~Exists(held), left_out_at=None)


def needed_to_cancel(orders: QuerySet[Order]) -> list[str]:
    """Only what a platform holds costs calls; what was never sent is called back for nothing."""
    held = Shipment.objects.exclude(state=ShipmentState.CANCELLED)
    counts = _counted(held.filter(order__in=orders.order_by().values("pk")), "platform")
    told = _told(counts, lambda adapter: adapter.calls_to_cancel)
    return told or ["Needs no calls: nothing of it is at a platform."]


def _told(counts: Mapping[str, int], price: Callable[[Adapter], int]) -> list[str]:
    waiting = _counted(Dispatch.objects.filter(state__in=_QUEUED), "platform") if counts else {}
    return [
        _sentence(Platform(name), n, waiting.get(name, 0), price)
        for name, n in sorted(counts.items())
    ]


def _sentence(
    platform: Platform, orders: int, waiting: int, price: Callable[[Adapter], int]
) -> str:
    try:
        adapter = platform_named(platform)
    except PlatformError as error:
        return str(error)
    calls, allowed = orders * price(adapter), allowance_of(platform, timezone.now())
    took = _duration(allowed.seconds_for(calls + waiting * adapter.calls_to_send))
    behind = f", behind {waiting:,} waiting already" if waiting else ""
    return (
        f"Needs about {calls:,} call{'s' if calls > 1 else ''} of {platform.label} "
        f"({allowed.left:,.0f} left now, {allowed.per_second:.2g} per second → {took}{behind})."
        f"{_hindrance(platform)}"
    )


def _counted(rows: QuerySet[Any], platform: str) -> dict[str, int]:
    """Rows by platform. Through their ids, for a list's query brings sums of its own along."""
    plain = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))
    counted = plain.values_list(platform).annotate(n=Count("pk"))
    return {name: n for name, n in counted if name}


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "at once"
    if seconds < 60:
        return f"about {seconds:.0f} s"
    if seconds < 5400:
        minutes = round(seconds / 60)
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {seconds / 3600:.1f} hours"


def _hindrance(platform: Platform) -> str:
    health = PlatformHealth.objects.filter(platform=platform).first()
    if health is None:
        return ""
    if health.paused_at:
        return f" {platform.label} is paused: {health.pause_reason.rstrip('.')}. They wait for it."
    if health.open_until:
        return f" {platform.label} does not answer now; they wait for it."
    return ""
