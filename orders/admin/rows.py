"""The rows around an order: lines, findings, holds, history, reservations, tags."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html_join
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline
from orders.admin.checking import to_order
from orders.admin.looks import SEVERITY_LABELS
from orders.models import Finding, Hold, OrderEvent, OrderLine, Reservation, Tag
from orders.models.status import EDITABLE
from orders.services import override_finding

LINE_LINK = '<a class="font-medium text-primary-600 dark:text-primary-500" href="{}?line={}">{}</a>'


class LineInline(ReadOnlyInline):
    model = OrderLine
    fields = ["position", "sku", "product", "title", "quantity", "unit_price"]
    readonly_fields = ["edits"]

    def get_fields(self, request, obj=None):
        may = request.user.has_perm("orders.change_order") and obj and obj.status in EDITABLE
        return [*self.fields, "edits"] if may else self.fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("product")

    @display(description="")
    def edits(self, line):
        links = [
            (reverse(f"admin:orders_order_{action}", args=[line.order_id]), line.position, word)
            for action, word in (("change_line", "Change…"), ("remove_line", "Remove…"))
        ]
        return format_html_join(" ", LINE_LINK, links)


class FindingInline(ReadOnlyInline):
    model = Finding
    fields = ["severity", "field", "message", "next_step", "state", "override_reason"]


class HoldInline(ReadOnlyInline):
    model = Hold
    fields = ["type", "reason", "placed_at", "placed_by", "until", "released_at", "released_by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("placed_by", "released_by")


class EventInline(ReadOnlyInline):
    model = OrderEvent
    verbose_name_plural = "History"
    fields = ["at", "kind", "from_status", "to_status", "message", "actor_label"]


@admin.register(OrderLine)
class OrderLineAdmin(ReadOnlyAdmin):
    list_display = ["order", "sku", "product", "title", "quantity", "unit_price"]
    list_select_related = ["order", "product"]
    search_fields = ["sku"]
    search_help_text = "Search by part of a SKU."


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = [
        "order",
        "severity_label",
        "field",
        "message",
        "next_step",
        "state",
        "created_at",
    ]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("severity", ChoicesDropdownFilter),
        ("code", FieldTextFilter),
    ]
    list_select_related = ["order"]
    actions_detail = ["override"]

    @display(description="Severity", ordering="severity", label=SEVERITY_LABELS)
    def severity_label(self, finding):
        return finding.severity, finding.get_severity_display()

    @detail_action(
        permission="orders.change_order",
        description="Override",
        icon="done",
        form=ReasonForm,
        question="The finding no longer counts for this order, as long as nothing in it changes.",
    )
    def override(self, request, finding, values):
        override_finding(finding, values["reason"])
        messages.success(request, f"Overridden on order {finding.order}: {finding}")
        return to_order(finding.order)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ["order", "type", "reason", "placed_at", "placed_by", "until", "released_at"]
    list_filter = [("type", ChoicesDropdownFilter), ("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["order", "placed_by"]


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "order", "kind", "from_status", "to_status", "message", "actor_label"]
    list_filter = [("kind", FieldTextFilter)]
    list_select_related = ["order"]
    ordering = ["-id"]


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ["line", "order", "warehouse", "quantity", "state", "created_at", "closed_at"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["line__order", "level__warehouse", "level__product"]

    @display(description="Order")
    def order(self, reservation):
        return reservation.line.order

    @display(description="Warehouse")
    def warehouse(self, reservation):
        return reservation.level.warehouse


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    list_display = ["name", "description"]
    search_fields = ["name"]
    is_deletable = True
