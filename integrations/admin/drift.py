"""Where platforms and we disagree: both values side by side, and what to do about it."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.timesince import timesince
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.staff.actions import detail_action, list_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin, ReadOnlyInline
from integrations.admin.looks import DRIFT_LABELS
from integrations.models import DriftFinding, DriftState, Reconciliation
from integrations.services import adopt_drift, heed_drift, ignore_drift, push_drift

_SETTLE = "integrations.settle_driftfinding"
_SHOWN = {"open": "Open", "ignored": "Ignored", "settling": "Being settled", "resolved": "Settled"}


class IgnoreForm(ReasonForm):
    until = forms.DateField(
        label="Until",
        help_text="It comes back on that day, or when their value changes.",
    )
    field_order = ["until", "reason"]


def _moment(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _next_week(_finding):
    return {"until": timezone.localdate() + timedelta(days=7)}


def _state(finding):
    is_ignored = finding.ignored_until and finding.ignored_until > timezone.now()
    return "ignored" if is_ignored else finding.state


class ShowFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return [
            ("ignored", "Ignored for now"),
            ("settling", "Being settled"),
            ("resolved", "Settled"),
            ("all", "All"),
        ]

    def choices(self, changelist):
        shown = list(super().choices(changelist))
        shown[0]["display"] = "Open"
        return shown

    def queryset(self, request, queryset):
        now = timezone.now()
        match self.value():
            case "all":
                return queryset
            case "ignored":
                return queryset.ignored(now)
            case "settling":
                return queryset.filter(state=DriftState.SETTLING)
            case "resolved":
                return queryset.filter(state=DriftState.RESOLVED)
        return queryset.waiting(now)


class FindingShown:
    """What list, page and order page show alike."""

    @display(description="What", ordering="kind")
    def what_shown(self, finding):
        return finding.what

    @display(description="Ours")
    def our_value(self, finding):
        return finding.ours or "–"

    @display(description="Theirs")
    def their_value(self, finding):
        return finding.theirs or "–"

    @display(description="Age", ordering="-first_seen_at")
    def age(self, finding):
        return timesince(finding.first_seen_at, finding.settled_at, depth=1)

    @display(description="State", label=DRIFT_LABELS)
    def state_label(self, finding):
        return _state(finding), _SHOWN[_state(finding)]

    @display(description="State")
    def state_now(self, finding):
        return _SHOWN[_state(finding)]


@admin.register(DriftFinding)
class DriftFindingAdmin(FindingShown, ReadOnlyAdmin):
    list_display = [
        "what_shown",
        "order",
        "reference",
        "platform",
        "our_value",
        "their_value",
        "age",
        "state_label",
        "error",
    ]
    list_filter = [
        ShowFilter,
        ("platform", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
    ]
    list_select_related = ["order"]
    search_fields = ["=reference", "=remote_id"]
    search_help_text = "Search by the whole reference or the platform's id."
    actions = ["adopt_selected", "ignore_selected"]
    actions_detail = ["adopt", "push", "ignore", "heed"]
    readonly_fields = ["what_shown", "our_value", "their_value", "state_now", "age"]
    fields = [
        ("what_shown", "state_now"),
        ("our_value", "their_value"),
        ("order", "shipment"),
        ("platform", "remote_id", "reference"),
        "error",
        ("age", "first_seen_at", "last_seen_at"),
        ("ignored_until", "reason"),
        ("acted_by", "acted_at"),
        ("settled", "settled_at"),
    ]

    def get_actions_detail(self, request, object_id):
        """Only an open finding can be decided; only an ignored one can be shown again."""
        buttons = super().get_actions_detail(request, object_id)
        finding = self.get_object(request, object_id) if buttons else None
        if finding is None or finding.state != DriftState.OPEN:
            return []
        return [each for each in buttons if finding.ignored_until or each.path != "heed"]

    @detail_action(
        permission=_SETTLE,
        description="Adopt",
        icon="download_done",
        form=ReasonForm,
        question="The platform is right: its value becomes ours. What was cancelled or is unknown "
        "there is given up here, and the order goes back to be routed.",
    )
    def adopt(self, request, finding, values):
        adopt_drift(finding, values["reason"])
        return f"Adopted. {finding} is settled."

    @detail_action(
        permission=_SETTLE,
        description="Push again",
        icon="publish",
        form=ReasonForm,
        question="We are right: our value is told again. What was cancelled or is unknown there "
        "is sent under a new reference; what is there twice, or there alone, is cancelled there.",
    )
    def push(self, request, finding, values):
        push_drift(finding, values["reason"])
        return f"{finding}: {finding.get_state_display().lower()}."

    @detail_action(
        permission=_SETTLE,
        description="Ignore until…",
        icon="notifications_paused",
        form=IgnoreForm,
        initial=_next_week,
    )
    def ignore(self, request, finding, values):
        ignore_drift(finding, _moment(values["until"]), values["reason"])
        return f"{finding} is ignored until {values['until']}."

    @detail_action(permission=_SETTLE, description="Stop ignoring", icon="notifications_active")
    def heed(self, request, finding, values):
        heed_drift(finding)
        return f"{finding} is open again."

    @list_action(permission=_SETTLE, description="Adopt…", done="adopted", form=ReasonForm)
    def adopt_selected(self, request, finding, values):
        adopt_drift(finding, values["reason"])

    @list_action(permission=_SETTLE, description="Ignore until…", done="ignored", form=IgnoreForm)
    def ignore_selected(self, request, finding, values):
        ignore_drift(finding, _moment(values["until"]), values["reason"])


class DriftInline(FindingShown, ReadOnlyInline):
    """On the order's page."""

    model = DriftFinding
    fk_name = "order"
    verbose_name_plural = "Drift"
    fields = ["what_shown", "reference", "our_value", "their_value", "age", "state_now"]
    readonly_fields = ["what_shown", "our_value", "their_value", "age", "state_now"]
    show_change_link = True


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = [
        "platform",
        "started_at",
        "finished_at",
        "succeeded_at",
        "looked",
        "agreed",
        "in_flight",
        "opened",
        "resolved",
        "failed",
        "error",
    ]
    fields = [
        ("platform", "is_thorough"),
        ("started_at", "finished_at", "succeeded_at"),
        ("since", "listed_at", "listed_until"),
        ("looked", "agreed", "in_flight"),
        ("opened", "resolved", "failed"),
        ("error", "error_at"),
        "remarks",
    ]
