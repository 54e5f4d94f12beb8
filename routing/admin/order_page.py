"""The order page's part about its route: the decision, why, and what a person may do about it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import StaffAdmin
from orders.models import Order, OrderStatus
from routing.admin.decision_view import decision_view
from routing.admin.forms import OverrideForm
from routing.admin.looks import (
    doubts_of,
    extra_of,
    price_of,
    route_named,
    safe_minute,
    standing_of,
)
from routing.codec import UnreadableDocument
from routing.models import RoutingDecision
from routing.services.changes import (
    approve_review,
    override_route,
    remove_pins,
    reroute_order,
    unroute_order,
)
from routing.services.names import Names
from routing.services.replay import decision_of
from routing.services.route import ROUTABLE, ROUTED, Routed, route_order

HISTORY = 10
"""Decisions of the order that its page lists; all are under Decisions."""

_HEAVY = ("result", "order_facts", "stock_facts")


class RoutingPage(StaffAdmin):
    """Buttons of the order page that change its route, and the panel that explains it."""

    routing_menu = {
        "title": "Route",
        "icon": "alt_route",
        "items": ["route_now", "approve", "override", "reroute", "unroute", "unpin"],
    }

    class Media:
        css = {"all": ["routing/routing.css"]}

    def get_actions_detail(self, request, object_id):
        """Of the route's buttons only those that would do something now."""
        actions = super().get_actions_detail(request, object_id)
        order = self.get_object(request, object_id)
        useless = set(self.routing_menu["items"]) - _useful(order) if order else set()
        return [action for action in actions if action.method.__name__ not in useless]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        order = self.get_object(request, object_id)
        context = routing_context(request, order) if order else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @detail_action(
        permission="orders.route_order",
        description="Route",
        icon="alt_route",
        question="It gets its warehouse and service, or goes to review with the reason.",
    )
    def route_now(self, request, order, values):
        return _answer(request, order, route_order(order.pk))

    @detail_action(
        permission="orders.approve_review",
        description="Approve",
        icon="check_circle",
        question="It is routed the way that was prepared for it.",
    )
    def approve(self, request, order, values):
        return _answer(request, order, approve_review(order))

    @detail_action(
        permission="orders.override_route",
        description="Override",
        icon="edit_road",
        form=OverrideForm,
        question="Choose warehouse and service. Your choice is pinned: it stays when the order is "
        "routed again.",
        template="admin/routing/override.html",
    )
    def override(self, request, order, values):
        return _answer(request, order, override_route(order, **values))

    @detail_action(
        permission="orders.route_order",
        description="Re-route",
        icon="sync_alt",
        form=ReasonForm,
        question="It is decided again with today's stock and rules. What a person pinned stays.",
    )
    def reroute(self, request, order, values):
        return _answer(request, order, reroute_order(order, values["reason"]))

    @detail_action(
        permission="orders.route_order",
        description="Unroute",
        icon="undo",
        form=ReasonForm,
        question="It goes back to ready and its stock is free again. What a person pinned stays.",
    )
    def unroute(self, request, order, values):
        unroute_order(order, values["reason"])
        return f"Order {order} has no route any more; its stock is free."

    @detail_action(
        permission="orders.override_route",
        description="Remove pins",
        icon="keep_off",
        form=ReasonForm,
        question="Routing may choose warehouse and service again, the next time it decides.",
    )
    def unpin(self, request, order, values):
        remove_pins(order, values["reason"])
        return f"Order {order} is not pinned any more."


def routing_context(request, order):
    """What the panel shows; buttons only for those who may press them."""
    decisions = list(
        RoutingDecision.objects.filter(order=order)
        .defer(*_HEAVY)
        .select_related("warehouse", "service", "ruleset", "network")
        .order_by("-created_at", "-id")[: HISTORY + 1]
    )
    current = next((row for row in decisions if row.is_current), None)
    return {
        "route_view": _view_of(current) if current else None,
        "route_decision": current,
        "route_extra": extra_of(current) if current else "",
        "route_history": [history_row(row) for row in decisions[:HISTORY]],
        "route_has_more": len(decisions) > HISTORY,
        "route_buttons": _buttons(request, order),
    }


def history_row(stored):
    return {
        "stored": stored,
        "route": route_named(stored),
        "standing": standing_of(stored),
        "price": price_of(stored),
        "extra": extra_of(stored),
    }


def _view_of(stored):
    try:
        decision = decision_of(stored)
    except UnreadableDocument:
        return None
    return decision_view(
        decision,
        "Route",
        Names.load(),
        standing=standing_of(stored),
        last_safe=safe_minute(stored),
        doubts=doubts_of(stored),
    )


def _useful(order):
    """The names of the actions that the order's state allows."""
    status = OrderStatus(order.status)
    names = set()
    if status in ROUTABLE:
        names |= {"route_now", "override"}
    if status == OrderStatus.NEEDS_REVIEW and _is_prepared(order):
        names.add("approve")
    if status == OrderStatus.ROUTED:
        names |= {"reroute", "unroute", "override"}
    if status in ROUTABLE | {OrderStatus.ROUTED} and (
        order.pinned_warehouse_id or order.pinned_service_id
    ):
        names.add("unpin")
    return names


def _is_prepared(order):
    waiting = RoutingDecision.objects.filter(order=order, is_current=True, needs_review=True)
    return waiting.filter(warehouse__isnull=False).exists()


_PERMISSIONS = {
    "approve": "orders.approve_review",
    "override": "orders.override_route",
    "unpin": "orders.override_route",
}
_ONE_CLICK = {"route_now": "Route", "approve": "Approve"}
_ASKING = {"override": "Override…", "reroute": "Re-route…", "unroute": "Unroute…"}
_ASKING |= {"unpin": "Remove pins…"}


def _buttons(request, order):
    """(label, address, whether one click does it) of what this person may do now."""
    useful = _useful(order)
    found = []
    for name, label in ({"approve": "Approve"} | _ONE_CLICK | _ASKING).items():
        permission = _PERMISSIONS.get(name, "orders.route_order")
        if name in useful and request.user.has_perm(permission):
            if name == "route_now" and "approve" in useful:
                label = "Decide again"
            address = reverse(f"admin:orders_order_{name}", args=[order.pk])
            found.append((label, address, name in _ONE_CLICK))
    return found


def _answer(request, order: Order, routed: Routed):
    """The sentence, or back to the page from which the button was pressed."""
    sentence = Names.load().said(routed.sentence)
    if routed.state == ROUTED:
        said = f"Order {order} is routed: {sentence}"
    else:
        said = f"Order {order} needs a person: {sentence}"
    if request.POST.get("back") != "review":
        return said
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:routing_routingdecision_review"))
