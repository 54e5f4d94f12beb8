"""The queue: what needs a person comes first."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter
from unfold.decorators import display

from core.staff.actions import detail_action, list_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin, ReadOnlyInline
from integrations.admin.causes import CausePages
from integrations.admin.forms import CancelForm
from integrations.admin.journeys import parcel_named
from integrations.admin.looks import DISPATCH_LABELS, on_one_line
from integrations.models import Dispatch, DispatchAttempt, DispatchState
from integrations.services import approve_dispatch, cancel_at_platform, retry_dispatch
from integrations.services.telling import told_of_cancelling


class DispatchFilter(admin.SimpleListFilter):
    title = "queue"
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [("open", "Not done yet"), ("going", "Goes on by itself"), ("help", "Needs help")]

    def queryset(self, request, queryset):
        match self.value():
            case "open":
                return queryset.live()
            case "going":
                return queryset.live().exclude(state=DispatchState.NEEDS_HELP)
            case "help":
                return queryset.filter(state=DispatchState.NEEDS_HELP)
        return queryset


class AttemptInline(ReadOnlyInline):
    model = DispatchAttempt
    verbose_name_plural = "Attempts"
    fields = ["n", "started_at", "ended_at", "outcome", "http_status", "error_code", "message"]


@admin.register(Dispatch)
class DispatchAdmin(CausePages):
    list_display = [
        "reference_shown",
        "kind",
        "order_shown",
        "platform",
        "state_label",
        "error",
        "attempts",
        "next_attempt",
        "created_at",
    ]
    list_filter = [
        DispatchFilter,
        ("platform", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("error_code", FieldTextFilter),
    ]
    list_select_related = ["order"]
    search_fields = ["reference", "remote_id"]
    ordering = ["rank", "-created_at", "-id"]
    search_help_text = "Search by reference or the platform's id."
    readonly_fields = ["parcel"]
    inlines = [AttemptInline]
    change_form_before_template = "admin/integrations/like_this.html"
    actions = ["retry_selected", "approve_selected"]
    actions_detail = ["retry", "approve", "cancel"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("order", "parcel"),
                    "platform",
                    ("kind", "state"),
                    ("reference", "remote_id"),
                    "error",
                    "platform_words",
                    ("error_code", "missing"),
                    "asked",
                    "allowed",
                ]
            },
        ),
        (
            "Queue",
            {
                "fields": [
                    ("attempts", "setbacks"),
                    ("next_attempt_at", "lease_until"),
                    ("doubted_at", "doubts"),
                    ("created_at", "created_by"),
                    ("done_at", "reason"),
                    "correlation_id",
                ]
            },
        ),
    ]

    @display(description="Reference", ordering="reference")
    def reference_shown(self, dispatch):
        return on_one_line(dispatch.reference)

    @display(description="Order", ordering="order__number")
    def order_shown(self, dispatch):
        return on_one_line(dispatch.order)

    @display(description="Next attempt", ordering="next_attempt_at")
    def next_attempt(self, dispatch):
        is_queued = dispatch.state in (DispatchState.WAITING, DispatchState.UNKNOWN)
        return dispatch.next_attempt_at if is_queued else None

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context |= self.like_this(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @display(description="Parcel")
    def parcel(self, dispatch):
        return parcel_named(dispatch)

    @display(description="State", ordering="state", label=DISPATCH_LABELS)
    def state_label(self, dispatch):
        return dispatch.state, dispatch.get_state_display()

    @detail_action(
        permission="integrations.retry_dispatch",
        description="Retry",
        icon="replay",
        question="What is in doubt is looked up before anything is sent again.",
    )
    def retry(self, request, dispatch, values):
        retry_dispatch(dispatch)
        return f"{dispatch} is tried again."

    @detail_action(
        permission="integrations.approve_dispatch",
        description="Approve",
        icon="task_alt",
        form=ReasonForm,
        question="Exactly what it asks is allowed, and it goes on.",
    )
    def approve(self, request, dispatch, values):
        approve_dispatch(dispatch, values["reason"])
        return f"{dispatch} goes on."

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel at platform",
        icon="cancel",
        form=CancelForm,
        question="A bought label is voided. Nothing is cancelled once the parcel is on its way. Of "
        "a split order only this part is cancelled, unless the order is cancelled, too.",
    )
    def cancel(self, request, dispatch, values):
        part = None if values["cancels_order"] else dispatch.part
        cancel_at_platform(dispatch.order, part=part, **values)
        return told_of_cancelling(dispatch.order)

    @list_action(permission="integrations.retry_dispatch", description="Retry…", done="tried again")
    def retry_selected(self, request, dispatch, values):
        retry_dispatch(dispatch)

    @list_action(
        permission="integrations.approve_dispatch",
        description="Approve…",
        done="approved",
        form=ReasonForm,
    )
    def approve_selected(self, request, dispatch, values):
        approve_dispatch(dispatch, values["reason"])


@admin.register(DispatchAttempt)
class DispatchAttemptAdmin(ReadOnlyAdmin):
    list_display = [
        "dispatch",
        "n",
        "started_at",
        "ended_at",
        "outcome",
        "http_status",
        "error_code",
        "message",
    ]
    list_filter = [("outcome", ChoicesDropdownFilter), ("error_code", FieldTextFilter)]
    list_select_related = ["dispatch"]
    exclude = ["token"]
