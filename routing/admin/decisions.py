"""Every decision that was made, to be read and to be made again; and the review queue."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.pages import ReadOnlyAdmin, change_url
from routing.admin.decision_view import decision_view
from routing.admin.looks import (
    doubts_of,
    extra_of,
    price_of,
    route_named,
    safe_minute,
    standing_of,
)
from routing.admin.review import review_page
from routing.codec import UnreadableDocument
from routing.compare import IDENTICAL
from routing.errors import NotReplayed
from routing.models import RoutingDecision
from routing.services.names import Names
from routing.services.replay import decision_of, replay

_LOOKS = {look: look for look in ("success", "warning", "danger", "info")}


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnlyAdmin):
    list_display = ["order", "how", "route", "confidence", "price", "last_safe", "created_at"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        "needs_review",
        "is_current",
        ("warehouse", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["order", "warehouse", "service"]
    fields = [
        ("order", "kind"),
        ("ruleset", "is_current"),
        ("decided_at", "last_safe"),
        ("override_reason", "override_text", "extra"),
        ("actor_label", "correlation_id"),
    ]
    readonly_fields = ["last_safe", "extra"]
    actions_detail = ["replay"]
    change_form_outer_before_template = "admin/routing/decision_page.html"

    class Media:
        css = {"all": ["routing/routing.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("result", "order_facts", "stock_facts")

    def get_urls(self):
        view = self.admin_site.admin_view(self.review_view)
        return [path("review/", view, name="routing_routingdecision_review"), *super().get_urls()]

    def review_view(self, request):
        if not request.user.has_perm("orders.view_order"):
            raise PermissionDenied
        return review_page(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        stored = self.get_object(request, object_id)
        context = {"view": _view_of(stored)} if stored else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @display(description="How", label=_LOOKS)
    def how(self, stored):
        said, look = standing_of(stored)
        return look, said

    @display(description="Route")
    def route(self, stored):
        return route_named(stored)

    @display(description="Price")
    def price(self, stored):
        return price_of(stored)

    @display(description="Last safe minute", ordering="last_safe_minute")
    def last_safe(self, stored):
        return safe_minute(stored)

    @display(description="Beside the recommendation")
    def extra(self, stored):
        return extra_of(stored) or "–"

    @detail_action(
        permission="orders.route_order",
        description="Decide again and compare",
        icon="replay",
        question="The stored order, network and rules are put to routing once more. Nothing is "
        "written.",
    )
    def replay(self, request, stored, values):
        try:
            said = replay(stored)
        except UnreadableDocument as error:
            raise NotReplayed(str(error)) from error
        if said == IDENTICAL:
            return "Identical: the same inputs give the same decision, field for field."
        context = {
            **self.admin_site.each_context(request),
            "title": f"Replay: {stored}",
            "submit_text": "Decide again and compare",
            "opts": stored._meta,
            "original": stored,
            "differences": said.splitlines(),
            "back_url": change_url(self, stored),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/routing/replay.html", context)


def _view_of(stored):
    try:
        decision = decision_of(stored)
    except UnreadableDocument:
        return None
    title = f"Order {stored.order}"
    return decision_view(
        decision,
        title,
        Names.load(),
        standing=standing_of(stored),
        last_safe=safe_minute(stored),
        doubts=doubts_of(stored),
    )
