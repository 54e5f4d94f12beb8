"""The order list and the order page."""

from datetime import datetime, time

from django.contrib import admin
from django.template.defaultfilters import pluralize
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from integrations.admin.order_page import PlatformButtons
from orders.admin.bulk import bulk_menu
from orders.admin.checking import CheckingPage
from orders.admin.filters import AttentionFilter
from orders.admin.forms import HoldForm, NoteForm, OrderForm
from orders.admin.intake.paste import FromTextPages
from orders.admin.lining import LinesPage
from orders.admin.looks import STATUS_LABELS
from orders.admin.parts import ships_in
from orders.admin.rows import EventInline, FindingInline, HoldInline, LineInline
from orders.attention import open_errors, open_holds
from orders.models import HoldType, Order
from orders.models.status import EDITABLE
from orders.services import (
    add_note,
    cancel_order,
    edit_order,
    place_hold,
    release_hold,
)
from routing.admin.order_page import RoutingPage


@admin.register(Order)
class OrderAdmin(PlatformButtons, FromTextPages, RoutingPage, CheckingPage, LinesPage):
    form = OrderForm
    list_display = [
        "number",
        "status_label",
        "flags",
        "recipient_name",
        "destination",
        "units",
        "route",
        "promise_date",
        "source",
        "created_at",
    ]
    list_filter = [
        AttentionFilter,
        ("status", ChoicesDropdownFilter),
        ("source", FieldTextFilter),
        ("country", FieldTextFilter),
        ("state", FieldTextFilter),
        ("warehouse", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["warehouse", "service"]
    search_fields = ["number", "recipient_name", "email"]
    search_help_text = "Search by number, recipient or e-mail address."
    autocomplete_fields = ["wanted_carrier", "wanted_service"]
    inlines = [
        LineInline,
        FindingInline,
        HoldInline,
        *PlatformButtons.platform_inlines,
        EventInline,
    ]
    readonly_fields = [
        "number",
        "source",
        "status",
        "status_changed_at",
        "problem",
        "warehouse",
        "service",
        "platform",
        "ships_in",
        "pinned_warehouse",
        "pinned_service",
        "pinned_reason",
        "address_verdict",
        "order_date",
        "currency",
        "tag_names",
        "original_text",
        "created_at",
        "created_by",
        "updated_at",
    ]
    fieldsets = [
        (None, {"fields": [("number", "source"), ("status", "status_changed_at"), "problem"]}),
        (
            "Ship to",
            {
                "fields": [
                    ("recipient_name", "company"),
                    ("phone", "email"),
                    "address_1",
                    "address_2",
                    ("city", "state"),
                    ("postal_code", "country"),
                    "address_verdict",
                ]
            },
        ),
        (
            "Wishes",
            {
                "fields": [
                    ("shipping_method", "promise_date"),
                    ("wanted_carrier", "wanted_service"),
                    "notes",
                ]
            },
        ),
        (
            "Route",
            {
                "fields": [
                    ("warehouse", "service"),
                    "platform",
                    "ships_in",
                    ("pinned_warehouse", "pinned_service"),
                    "pinned_reason",
                ]
            },
        ),
        (
            "As received",
            {
                "fields": [
                    ("order_date", "currency"),
                    "tag_names",
                    "original_text",
                    ("created_at", "created_by"),
                    "updated_at",
                    "version",
                ]
            },
        ),
    ]
    actions = bulk_menu()
    change_form_outer_before_template = "admin/orders/order/top.html"
    actions_detail = [
        RoutingPage.routing_menu,
        {
            "title": "Platform",
            "icon": "hub",
            "items": PlatformButtons.platform_buttons,
        },
        "check_again",
        "accept",
        {"title": "Lines", "icon": "list", "items": ["change_line", "add_line", "remove_line"]},
        {
            "title": "More",
            "icon": "more_horiz",
            "items": ["vouch", "hold", "release", "note", "cancel"],
        },
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        editable = obj is None or obj.status in EDITABLE
        return editable and super().has_change_permission(request, obj)

    def get_queryset(self, request):
        orders = super().get_queryset(request).with_units()
        return orders.annotate(is_held=open_holds(), has_errors=open_errors())

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["status_look"] = STATUS_LABELS[obj.status] if obj else ""
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        names = [name for name in form.changed_data if name != "version"]
        changes = {name: form.cleaned_data[name] for name in names}
        edit_order(obj.pk, form.cleaned_data["version"], changes)

    @display(description="Status", ordering="status", label=STATUS_LABELS)
    def status_label(self, order):
        return order.status, order.get_status_display()

    @display(description="Flags", label={"On hold": "danger", "Errors": "warning"})
    def flags(self, order):
        return "On hold" if order.is_held else "Errors" if order.has_errors else None

    @display(description="Destination")
    def destination(self, order):
        return ", ".join(part for part in (order.city, order.state, order.country) if part) or "–"

    @display(description="Units", ordering="units")
    def units(self, order):
        return order.units

    @display(description="Route")
    def route(self, order):
        if order.service is None:
            return "–"
        more = f" + {order.parcels - 1} more" if order.parcels > 1 else ""
        return f"{order.warehouse} · {order.service}{more}"

    @display(description="Ships in")
    def ships_in(self, order):
        return ships_in(order)

    @display(description="Tags")
    def tag_names(self, order):
        return ", ".join(tag.name for tag in order.tags.all()) or "–"

    @detail_action(
        permission="orders.hold_order", description="Hold", icon="pan_tool", form=HoldForm
    )
    def hold(self, request, order, values):
        place_hold(order, **_hold_of(values))
        return f"Order {order} is on hold."

    @detail_action(
        permission="orders.hold_order",
        description="Release holds",
        icon="lock_open",
        question="Every open hold of this order is released.",
    )
    def release(self, request, order, values):
        released = [release_hold(hold) for hold in order.holds.filter(released_at=None)]
        return f"{len(released)} hold{pluralize(len(released))} released."

    @detail_action(
        permission="orders.change_order", description="Add note", icon="note_add", form=NoteForm
    )
    def note(self, request, order, values):
        add_note(order, values["note"])
        return "The note is in the history."

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel order",
        icon="cancel",
        form=ReasonForm,
        question="Reserved stock is released. A cancelled order stays cancelled.",
    )
    def cancel(self, request, order, values):
        cancel_order(order, values["reason"])
        return f"Order {order} is cancelled."


def _hold_of(values):
    day = values["until"]
    until = timezone.make_aware(datetime.combine(day, time.min)) if day else None
    return {"hold_type": HoldType(values["type"]), "reason": values["reason"], "until": until}
