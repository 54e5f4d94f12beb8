"""Rulesets: the list, the page of one, and what may be done with it."""

from django.contrib import admin, messages
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.pages import change_url
from routing.admin.rule_pages import RulePages
from routing.admin.ruleset_forms import (
    CONFIDENCE,
    LIMITS,
    WEIGHTS,
    CopyForm,
    FiguresForm,
    PublishForm,
    SimulateForm,
)
from routing.admin.ruleset_looks import STATE_LABELS
from routing.admin.ruleset_page import publish_details, ruleset_context
from routing.admin.trying import TryPages
from routing.models import Rule, Ruleset, RulesetState
from routing.services.edit_rules import create_draft, edit_figures
from routing.services.lifecycle import copy_ruleset, publish_ruleset, unschedule_ruleset
from routing.services.simulate import start_simulation

FITTING = {
    "simulate": {RulesetState.DRAFT, RulesetState.ARCHIVED},
    "publish": {RulesetState.DRAFT},
    "put_in_force_again": {RulesetState.ARCHIVED},
    "unschedule": {RulesetState.SCHEDULED},
}
"""In which states a button makes sense; those not named always do."""

FIGURES = [
    ("Weights of the factors", {"fields": [tuple(WEIGHTS[:3]), tuple(WEIGHTS[3:])]}),
    ("Weights of confidence", {"fields": [tuple(CONFIDENCE[:3]), tuple(CONFIDENCE[3:])]}),
    ("Limits", {"fields": [tuple(LIMITS[i : i + 2]) for i in range(0, len(LIMITS), 2)]}),
]


@admin.register(Ruleset)
class RulesetAdmin(TryPages, RulePages):
    form = FiguresForm
    change_form_template = "admin/routing/ruleset/change_form.html"
    list_display = [
        "number_shown",
        "name",
        "state_label",
        "in_force_from",
        "published_by",
        "rules_count",
    ]
    list_display_links = ["number_shown", "name"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["published_by"]
    search_fields = ["name", "note"]
    search_help_text = "Search by name or note."
    ordering = [F("number").desc(nulls_first=True), "-pk"]
    actions_detail = ["simulate", "publish", "put_in_force_again", "unschedule", "copy"]

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_draft)

    def get_queryset(self, request):
        rules = Rule.objects.filter(ruleset=OuterRef("pk")).order_by()
        counted = rules.values("ruleset").annotate(n=Count("pk")).values("n")
        found = super().get_queryset(request).select_related("published_by", "copied_from")
        return found.annotate(rules_count=Coalesce(Subquery(counted), 0))

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["name", "note"]})]
        own = ["name", "note", "version"] if obj.is_draft else ["name", "note"]
        return [(None, {"fields": own}), *FIGURES]

    def _filter_unfold_actions_by_permissions(self, request, actions, object_id=None):
        """Buttons that make no sense in this state are not shown; the services refuse them too."""
        allowed = super()._filter_unfold_actions_by_permissions(request, actions, object_id)
        obj = self.get_object(request, str(object_id)) if object_id else None
        return [
            action
            for action in allowed
            if obj is None or obj.state in FITTING.get(action.method.__name__, {obj.state})
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, object_id)
        extra = {"show_save_and_add_another": False}
        if obj:
            extra |= ruleset_context(obj, request)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | extra)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.pk = create_draft(form.cleaned_data["name"], form.cleaned_data["note"]).pk
            return
        names = [name for name in form.changed_data if name != "version"]
        edit_figures(
            obj, form.cleaned_data["version"], {name: form.cleaned_data[name] for name in names}
        )

    @display(description="Number", ordering="number")
    def number_shown(self, ruleset):
        return ruleset.number or "–"

    @display(description="State", ordering="state", label=STATE_LABELS)
    def state_label(self, ruleset):
        return ruleset.state, ruleset.get_state_display()

    @display(description="Active from")
    def in_force_from(self, ruleset):
        return ruleset.active_from or ruleset.published_at

    @display(description="Rules", ordering="rules_count")
    def rules_count(self, ruleset):
        return ruleset.rules_count

    @detail_action(
        permission="routing.add_ruleset",
        description="Copy into a draft",
        icon="content_copy",
        form=CopyForm,
        initial=lambda ruleset: {"name": ruleset.name},
        question="The draft gets the same rules and figures. Orders go on as before.",
    )
    def copy(self, request, ruleset, values):
        draft = copy_ruleset(ruleset, values["name"])
        messages.success(request, f"This is your draft, copied from {ruleset}.")
        return HttpResponseRedirect(change_url(self, draft))

    @detail_action(
        permission="routing.publish_ruleset",
        description="Publish",
        icon="publish",
        form=PublishForm,
        question="It gets its number and never changes again. The one in force is archived.",
        details=publish_details,
        template="admin/routing/ruleset/publish.html",
    )
    def publish(self, request, ruleset, values):
        anyway = values.get("anyway", False)
        return _said(publish_ruleset(ruleset, at=values["at"], although_not_simulated=anyway))

    @detail_action(
        permission="routing.publish_ruleset",
        description="Put in force again",
        icon="history",
        form=PublishForm,
        question="Orders are routed by it again. The one in force is archived.",
        details=publish_details,
        template="admin/routing/ruleset/publish.html",
    )
    def put_in_force_again(self, request, ruleset, values):
        return _said(publish_ruleset(ruleset, at=values["at"]))

    @detail_action(
        permission="routing.publish_ruleset",
        description="Unschedule",
        icon="event_busy",
        question="It will not come into force by itself.",
    )
    def unschedule(self, request, ruleset, values):
        unschedule_ruleset(ruleset)
        return f"Ruleset {ruleset} is no longer scheduled."

    @detail_action(
        permission="routing.simulate_ruleset",
        description="Simulate",
        icon="science",
        form=SimulateForm,
        question="Nothing happens to the orders. You can leave the page while it runs.",
    )
    def simulate(self, request, ruleset, values):
        simulation = start_simulation(ruleset, values["days"])
        return HttpResponseRedirect(change_url(self, simulation))


def _said(ruleset):
    if ruleset.state == RulesetState.SCHEDULED:
        return f"Ruleset {ruleset} comes into force by itself."
    return f"Ruleset {ruleset} is in force."
