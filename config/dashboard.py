"""The first page: what waits for a person, what flows, what is short, and whether jobs run."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.models import WorkerHeartbeat
from core.staff.pages import CappedCount
from core.worker.heartbeat import silent_queues
from integrations.models import Dispatch, DispatchState, DriftFinding, PlatformHealth
from orders.attention import open_holds
from orders.models import Order, OrderStatus
from routing.admin.review import impossible, past, prepared
from warehouses.models import StockLevel

_SEES_DISPATCHES = "integrations.view_dispatch"
_SEES_DRIFT = "integrations.view_driftfinding"


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with the list behind it; `wants_a_person` colours it."""

    title: str
    count: CappedCount
    url: str
    note: str
    wants_a_person: bool = False

    @property
    def is_urgent(self) -> bool:
        return self.wants_a_person and self.count > 0


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the tiles a person may see; a fixed number of counts, each of at most 10,000 rows."""
    sections = []
    if request.user.has_perm("orders.view_order"):
        help_tiles = dispatch_tiles() if request.user.has_perm(_SEES_DISPATCHES) else []
        help_tiles += drift_tiles() if request.user.has_perm(_SEES_DRIFT) else []
        sections += [
            ("Needs a person", [*attention_tiles(), *help_tiles]),
            ("Routing", routing_tiles()),
            ("On its way", flow_tiles()),
        ]
    if request.user.has_perm("warehouses.view_stocklevel"):
        sections.append(("Stock", stock_tiles()))
    return context | {
        "sections": sections,
        "worker": worker_state(),
        "platforms": platform_state(),
        "today": timezone.localtime(),
    }


def attention_tiles() -> list[Tile]:
    orders = Order.objects.all()
    today = timezone.localdate()
    found: list[tuple[str, QuerySet[Order], str, str]] = [
        (
            "Needs review",
            orders.filter(status=OrderStatus.NEEDS_REVIEW),
            "review",
            "Check and free",
        ),
        ("Problem", orders.filter(status=OrderStatus.PROBLEM), "problem", "Stuck; see why"),
        ("On hold", orders.open().filter(open_holds()), "held", "Released by a person or a date"),
        ("Past its promise", orders.open().filter(promise_date__lt=today), "late", "Still open"),
    ]
    return [
        Tile(title, capped(rows), _orders(attention=value), note, wants_a_person=True)
        for title, rows, value, note in found
    ]


def routing_tiles() -> list[Tile]:
    ready = Order.objects.filter(status=OrderStatus.READY)
    return [
        Tile("To route", capped(ready), _orders(status__exact="ready"), "Ready, without a route"),
        Tile("In review", capped(prepared()), _review("prepared"), "A choice is prepared"),
        Tile(
            "Past the last safe minute",
            capped(past()),
            _review("past"),
            "The planned pickup is missed",
            wants_a_person=True,
        ),
        Tile(
            "No route",
            capped(impossible()),
            _review("impossible"),
            "Nothing can ship it as it is",
            wants_a_person=True,
        ),
    ]


def dispatch_tiles() -> list[Tile]:
    stuck = Dispatch.objects.filter(state=DispatchState.NEEDS_HELP)
    url = _list(Dispatch, {"queue": "help"})
    return [Tile("Not sent", capped(stuck), url, "A platform said no", wants_a_person=True)]


def drift_tiles() -> list[Tile]:
    waiting = DriftFinding.objects.waiting(timezone.now())
    note = "A platform holds something else"
    return [Tile("Drift", capped(waiting), _list(DriftFinding, {}), note, wants_a_person=True)]


def platform_state() -> str:
    """What staff must know of the platforms; empty while both may be called."""
    troubled = Q(paused_at__isnull=False) | Q(open_until__isnull=False)
    return " ".join(
        f"{health} is paused: {health.pause_reason}."
        if health.paused_at
        else f"{health} does not answer; orders wait and go on by themselves."
        for health in PlatformHealth.objects.filter(troubled)
    )


def flow_tiles() -> list[Tile]:
    steps = [
        (OrderStatus.ROUTED, "Stock is reserved"),
        (OrderStatus.SENT, "Known to a platform"),
        (OrderStatus.SHIPPED, "With the carrier"),
    ]
    return [
        Tile(
            str(status.label),
            capped(Order.objects.filter(status=status)),
            _orders(status__exact=status.value),
            note,
        )
        for status, note in steps
    ]


def stock_tiles() -> list[Tile]:
    levels = StockLevel.objects.filter(warehouse__is_active=True, product__is_active=True)
    out = levels.filter(on_hand__lte=F("reserved"))
    low = levels.filter(on_hand__lte=F("reserved") + F("reorder_point"), reorder_point__gt=0)
    return [
        Tile("Nothing free", capped(out), _levels(health="out"), "Cannot be promised"),
        Tile("To reorder", capped(low), _levels(health="reorder"), "At or under its reorder point"),
    ]


def worker_state() -> str:
    """One sentence for staff; empty while every worker beats."""
    if not WorkerHeartbeat.objects.exists():
        return "No worker has run yet: nothing happens in the background until one is started."
    late = silent_queues()
    if late:
        return f"Background jobs stand still ({', '.join(late)}): tell your administrator."
    return ""


def capped(rows: QuerySet[Any, Any]) -> CappedCount:
    """Count, but not past the cap."""
    return CappedCount(rows.order_by().values("pk")[: CappedCount.cap].count())


def _review(show: str) -> str:
    return f"{reverse('admin:routing_routingdecision_review')}?{urlencode({'show': show})}"


def _orders(**query: str) -> str:
    return _list(Order, query)


def _levels(**query: str) -> str:
    return _list(StockLevel, query)


def _list(model: type[Model], query: dict[str, str]) -> str:
    meta = model._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{page}?{urlencode(query)}"
