"""Simulations: what a ruleset would have done with the orders of the last days."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.pages import ReadOnlyAdmin
from routing.admin.ruleset_looks import SIMULATION_LABELS
from routing.admin.simulation_page import progress_of, simulation_context
from routing.models import Simulation
from routing.services.simulate import WORKING, cancel_simulation


@admin.register(Simulation)
class SimulationAdmin(ReadOnlyAdmin):
    change_form_template = "admin/routing/simulation/change_form.html"
    list_display = ["created_at", "ruleset", "days", "state_label", "result", "created_by"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_select_related = ["ruleset", "created_by"]
    actions_detail = ["cancel"]
    fields = ["ruleset", "days", "state"]

    def get_urls(self):
        view = self.admin_site.admin_view(require_GET(partial(progress, self)))
        page = path("<int:simulation_id>/progress/", view, name="routing_simulation_progress")
        return [page, *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("ruleset", "created_by")

    def _filter_unfold_actions_by_permissions(self, request, actions, object_id=None):
        """Only what still runs can be cancelled."""
        allowed = super()._filter_unfold_actions_by_permissions(request, actions, object_id)
        obj = self.get_object(request, str(object_id)) if object_id else None
        return allowed if obj is None or obj.state in WORKING else []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, object_id)
        extra = simulation_context(obj, request) if obj else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | extra)

    @display(description="State", ordering="state", label=SIMULATION_LABELS)
    def state_label(self, simulation):
        return simulation.state, simulation.get_state_display()

    @display(description="Would change")
    def result(self, simulation):
        return f"{simulation.changed:,} of {simulation.done:,} orders"

    @detail_action(
        permission="routing.simulate_ruleset",
        description="Cancel",
        icon="cancel",
        question="It stops after the orders it is at; what was found so far stays.",
    )
    def cancel(self, request, simulation, values):
        cancel_simulation(simulation)
        return "The simulation is cancelled."


def progress(admin, request, simulation_id):
    """What the page asks for every moment while it runs."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    simulation = Simulation.objects.filter(pk=simulation_id).first()
    if simulation is None:
        raise Http404
    return JsonResponse(progress_of(simulation))
