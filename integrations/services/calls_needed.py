"""What a bulk run will ask of the platforms, told before it starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from integrations.dispatching.allowance import allowance_of
from integrations.models import Dispatch, DispatchState, PlatformHealth
from orders.models import Order, Shipment, ShipmentState
from warehouses.models import Platform


class Calls(NamedTuple):
    """So many calls an undisturbed order takes; counted by tests against the sandbox."""

    send: int
    cancel: int


CALLS_OF = {"veeqo": Calls(send=14, cancel=4), "easyship": Calls(send=6, cancel=3)}
_QUEUED = (DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Need:
    """Calls of one platform, beside what it allows and what waits there already."""

    platform: Platform
    calls: int
    waiting: int

    def __str__(self) -> str:
        now, there = timezone.now(), self.platform.label
        allowed = allowance_of(self.platform, now)
        ahead = self.waiting * CALLS_OF[self.platform].send
        took = _duration(allowed.seconds_for(self.calls + ahead))
        behind = f", behind {self.waiting:,} waiting already" if self.waiting else ""
        return (
            f"Needs about {self.calls:,} call{'s' if self.calls > 1 else ''} of {there} "
            f"({allowed.left:,.0f} left now, {allowed.per_second:.2g} per second → {took}{behind})."
            f"{_hindrance(self.platform)}"
        )


def calls_to_send(orders: QuerySet[Order]) -> list[str]:
    """For orders that will be sent by the route they have."""
    return _told(_counted(orders, "service__carrier__platform"), "send")


def calls_to_cancel(orders: QuerySet[Order]) -> list[str]:
    """Only what a platform holds costs calls; what was never sent is called back for nothing."""
    held = Shipment.objects.exclude(state=ShipmentState.CANCELLED)
    ours = held.filter(order__in=orders.order_by().values("pk"))
    told = _told(_counted(ours, "platform"), "cancel")
    return told or ["Needs no calls: nothing of it is at a platform."]


def _told(counts: Mapping[str, int], what: str) -> list[str]:
    waiting = _counted(Dispatch.objects.filter(state__in=_QUEUED), "platform") if counts else {}
    return [
        str(Need(Platform(name), n * getattr(CALLS_OF[name], what), waiting.get(name, 0)))
        for name, n in sorted(counts.items())
    ]


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
