"""Try it: one order under a ruleset beside the one in force. Only reads."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_GET

from core.staff.pages import StaffAdmin, change_url
from orders.models import Order
from routing.admin.comparison import Comparison, comparison
from routing.codec import UnreadableDocument
from routing.models import Ruleset, RulesetState
from routing.services.names import Names
from routing.services.trying import try_order

PERMISSION = "routing.simulate_ruleset"
OFFERED = 10
LATEST = 6


@dataclass(frozen=True, slots=True)
class Found:
    """The order that was asked for, or why there is none."""

    order: Order | None = None
    others: tuple[Order, ...] = ()
    problem: str = ""


class TryPages(StaffAdmin):
    """Adds the page, and the offers while a number is typed, to the admin of rulesets."""

    def get_urls(self):
        pages = [("try/", try_page, "try"), ("try/orders/", offer_orders, "try_orders")]
        urls = [
            path(
                f"<int:ruleset_id>/{address}",
                self.admin_site.admin_view(require_GET(partial(view, self))),
                name=f"routing_ruleset_{name}",
            )
            for address, view, name in pages
        ]
        return [*urls, *super().get_urls()]


def try_page(admin: Any, request: HttpRequest, ruleset_id: int) -> HttpResponse:
    """?order=NUMBER or ?id=7 shows the decision on both sides."""
    ruleset = _allowed(admin, request, ruleset_id)
    found = _asked(request)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": f"Try {ruleset} on an order",
        "opts": Ruleset._meta,
        "ruleset": ruleset,
        "found": found,
        "problem": found.problem,
        "typed": found.order.number if found.order else request.GET.get("order", ""),
        "latest": Order.objects.order_by("-pk")[:LATEST],
        "media": admin.media,
        "back_url": change_url(admin, ruleset),
    }
    if found.order:
        context |= {"order": found.order, **_tried(ruleset, found.order)}
    return TemplateResponse(request, "admin/routing/ruleset/try.html", context)


def _tried(ruleset: Ruleset, order: Order) -> dict[str, Any]:
    in_force = Ruleset.objects.filter(state=RulesetState.PUBLISHED).first()
    if in_force is None:
        in_force = ruleset
    try:
        tried = try_order(order, in_force, ruleset)
    except UnreadableDocument:
        return {"problem": "Its decision was stored by another version and cannot be tried."}
    shown: Comparison = comparison(
        tried.before, tried.after, f"In force: {in_force}", f"Tried: {ruleset}", Names.load()
    )
    return {"shown": shown, "as_of": tried.as_of, "is_same": in_force == ruleset}


def offer_orders(admin: Any, request: HttpRequest, ruleset_id: int) -> HttpResponse:
    """JSON: orders whose number begins like that."""
    _allowed(admin, request, ruleset_id)
    term = request.GET.get("term", "").strip()
    found = Order.objects.filter(number__startswith=term).order_by("number", "pk")[:OFFERED]
    offers = [
        {"number": order.number, "told": f"{order.recipient_name}, {order.city} {order.state}"}
        for order in (found if term else [])
    ]
    return JsonResponse({"orders": offers})


def _asked(request: HttpRequest) -> Found:
    number, key = request.GET.get("order", "").strip(), request.GET.get("id", "")
    if key.isdecimal() and len(key) < 19:
        order = Order.objects.filter(pk=int(key)).first()
        return Found(order) if order else Found(problem="There is no such order.")
    if not number:
        return Found()
    orders = tuple(Order.objects.filter(number=number).order_by("-pk")[:OFFERED])
    if not orders:
        return Found(problem=f"There is no order “{number}”. Check the number.")
    return Found(orders[0]) if len(orders) == 1 else Found(others=orders)


def _allowed(admin: Any, request: HttpRequest, ruleset_id: int) -> Ruleset:
    if not (admin.has_view_permission(request) and request.user.has_perm(PERMISSION)):
        raise PermissionDenied
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    found = Ruleset.objects.filter(pk=ruleset_id).first()
    if found is None:
        raise Http404
    return found
