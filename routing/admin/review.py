"""The review queue: what routing has prepared for a person, the most urgent first."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import F
from django.template.response import TemplateResponse
from django.utils import timezone

from core.staff.pages import CappedCount
from orders.models import Finding, FindingState, Order, OrderStatus
from routing.admin.looks import is_past, price_of, route_named, safe_minute
from routing.models import RoutingDecision
from routing.services.names import Names
from routing.services.writing import ROUTING_CODES

PER_PAGE = 50
_HEAVY = ("result", "order_facts", "stock_facts")


def waiting():
    """Decisions that a person must look at, of orders that still wait."""
    return RoutingDecision.objects.filter(
        is_current=True, needs_review=True, order__status=OrderStatus.NEEDS_REVIEW
    )


def prepared():
    return waiting().filter(warehouse__isnull=False)


def past():
    """Too late for the pickup that was planned."""
    return prepared().filter(last_safe_minute__lt=timezone.now())


def impossible():
    return waiting().filter(warehouse__isnull=True)


_TABS = {
    "prepared": ("Prepared", prepared),
    "past": ("Past the last safe minute", past),
    "impossible": ("No route", impossible),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the queue."""

    stored: RoutingDecision
    finding: Finding | None
    names: Names

    @property
    def order(self) -> Order:
        return self.stored.order

    @property
    def is_past(self) -> bool:
        return is_past(self.stored)

    @property
    def last_safe(self) -> str:
        return safe_minute(self.stored)

    @property
    def route(self) -> str:
        return route_named(self.stored)

    @property
    def price(self) -> str:
        return price_of(self.stored)

    @property
    def why(self) -> str:
        if self.finding is None:
            return "Something was changed; decide again."
        return self.names.said(self.finding.message)

    @property
    def next_step(self) -> str:
        return self.names.said(self.finding.next_step) if self.finding else ""


def review_page(admin, request):
    """One page of the queue. A fixed number of queries."""
    counts = {name: _count(rows()) for name, (_label, rows) in _TABS.items()}
    shown = request.GET.get("show", "")
    if shown not in _TABS:
        shown = "prepared" if counts["prepared"] or not counts["impossible"] else "impossible"
    page = _page(_TABS[shown][1](), counts[shown], request.GET.get("page"))
    context = {
        **admin.admin_site.each_context(request),
        "title": "Review",
        "opts": RoutingDecision._meta,
        "tabs": [(name, label, counts[name]) for name, (label, _rows) in _TABS.items()],
        "shown": shown,
        "rows": page,
        "may_approve": request.user.has_perm("orders.approve_review"),
        "may_override": request.user.has_perm("orders.override_route"),
        "may_route": request.user.has_perm("orders.route_order"),
        "media": admin.media,
    }
    return TemplateResponse(request, "admin/routing/review.html", context)


def _count(rows):
    return CappedCount(rows.order_by().values("pk")[: CappedCount.cap].count())


def _page(rows, count, number):
    ordered = rows.defer(*_HEAVY).select_related("order", "warehouse", "service")
    paginator = Paginator(
        ordered.order_by(F("last_safe_minute").asc(nulls_last=True), "created_at", "pk"), PER_PAGE
    )
    paginator.count = count
    page = paginator.get_page(number)
    stored = list(page.object_list)
    findings = Finding.objects.filter(
        order__in=[row.order_id for row in stored],
        code__in=ROUTING_CODES,
        state=FindingState.OPEN,
    )
    said = {finding.order_id: finding for finding in findings.order_by("pk")}
    names = Names.load()
    page.object_list = [Row(row, said.get(row.order_id), names) for row in stored]
    return page
