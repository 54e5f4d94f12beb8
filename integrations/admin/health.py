"""Each platform: may it be called, what waits for it, how it fares."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin, change_url
from integrations.admin import platform_numbers as numbers
from integrations.admin.journeys import shown_moment
from integrations.admin.looks import HEALTH_LABELS
from integrations.dispatching.allowance import allowance_of
from integrations.dispatching.circuit import health_of
from integrations.drift.jobs import ask_for_reconciliation
from integrations.models import (
    ApiCall,
    Dispatch,
    DispatchState,
    DriftFinding,
    PlatformHealth,
)
from integrations.services import pause_platform, probe_platform, resume_platform
from integrations.sync.jobs import ask_for_sync
from warehouses.models import Platform

_QUEUED = [DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN]
_RECENTLY = timedelta(hours=1)


def _of_platform(rows, **counted):
    """A number about the rows of the platform at hand, as a subquery."""
    mine = rows.filter(platform=OuterRef("platform")).order_by().values("platform")
    name, value = counted.popitem()
    return Subquery(mine.annotate(**{name: value}).values(name))


@admin.register(PlatformHealth)
class PlatformHealthAdmin(ReadOnlyAdmin):
    list_display = [
        "platform",
        "state_label",
        "queue",
        "oldest",
        "helpless",
        "error_rate",
        "budget",
        "next_run",
        "drift",
        "last_success_at",
    ]
    list_select_related = ["paused_by"]
    change_form_before_template = "admin/integrations/platform.html"
    fields = [
        ("failures", "last_error"),
        ("last_success_at", "last_failure_at"),
        ("open_until", "slow_until"),
        ("paused_at", "paused_by"),
        "pause_reason",
    ]
    actions_detail = ["sync_now", "reconcile_now", "probe", "pause", "resume"]

    class Media:
        css = {"all": ["routing/routing.css"]}

    def get_actions_detail(self, request, object_id):
        """Pause or Resume, whichever would do something now."""
        buttons = super().get_actions_detail(request, object_id)
        health = self.get_object(request, object_id) if buttons else None
        useless = "pause" if health and health.paused_at else "resume"
        return [button for button in buttons if button.path != useless]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        state = numbers.state_of(obj, obj.queued or 0, timezone.now())
        context |= {
            "platform": obj,
            "state": state,
            "state_look": HEALTH_LABELS[state.name],
            "facts": self._facts(request, obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _facts(self, request, health):
        """Name, value and the list behind it, where the person may see that."""
        now = timezone.now()
        allowed = allowance_of(health.platform, now)
        return [
            ("Last success", shown_moment(health.last_success_at), ""),
            ("Queue", f"{health.queued or 0:,}", _dispatches(request, health, "going")),
            ("Oldest in the queue", numbers.age_of(health.oldest_at), ""),
            ("Need help", f"{health.stuck or 0:,}", _dispatches(request, health, "help")),
            ("Drift", f"{health.drifting or 0:,}", _drift(request, health)),
            ("Budget left", f"{allowed}, {allowed.per_second:.2g} more a second", ""),
            ("Errors in the last hour", _errors(health), _failed_calls(request, health)),
            ("Next dispatch", numbers.next_dispatch(health, now), ""),
            *((what, when, "") for what, when in numbers.next_jobs(health)),
        ]

    def changelist_view(self, request, extra_context=None):
        for platform in Platform.values:
            health_of(platform)  # one that was never called has its line, too
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request):
        queued = Dispatch.objects.filter(state__in=_QUEUED)
        stuck = Dispatch.objects.filter(state=DispatchState.NEEDS_HELP)
        recent = ApiCall.objects.filter(at__gte=timezone.now() - _RECENTLY)
        failed = ~Q(outcome="ok")
        drifting = DriftFinding.objects.waiting(timezone.now())
        return (
            super()
            .get_queryset(request)
            .annotate(
                queued=_of_platform(queued, n=Count("id")),
                oldest_at=_of_platform(queued, n=Min("created_at")),
                stuck=_of_platform(stuck, n=Count("id")),
                drifting=_of_platform(drifting, n=Count("id")),
                calls=_of_platform(recent, n=Count("id")),
                failed_calls=_of_platform(recent, n=Count("id", filter=failed)),
            )
        )

    @display(description="State", label=HEALTH_LABELS)
    def state_label(self, health):
        return numbers.state_of(health, health.queued or 0, timezone.now()).name

    @display(description="Queue")
    def queue(self, health):
        return health.queued or 0

    @display(description="Oldest")
    def oldest(self, health):
        return numbers.age_of(health.oldest_at)

    @display(description="Need help")
    def helpless(self, health):
        return health.stuck or 0

    @display(description="Drift")
    def drift(self, health):
        return health.drifting or 0

    @display(description="Errors in the last hour")
    def error_rate(self, health):
        return _errors(health)

    @display(description="Budget left")
    def budget(self, health):
        return str(allowance_of(health.platform, timezone.now()))

    @display(description="Next dispatch")
    def next_run(self, health):
        return numbers.next_dispatch(health, timezone.now())

    @detail_action(
        permission="integrations.sync_platform",
        description="Sync now",
        icon="sync",
        question="Its warehouses, services, products and stock are read. Orders go first.",
    )
    def sync_now(self, request, health, values):
        ask_for_sync(health.platform)
        return f"{health} is being read. See Syncs for how far it is, and To map for what is new."

    @detail_action(
        permission="integrations.reconcile_platform",
        description="Reconcile now",
        icon="rule",
        question="What it holds is compared with what we know; nothing is changed.",
    )
    def reconcile_now(self, request, health, values):
        ask_for_reconciliation(health.platform)
        return f"{health} is being compared. See Reconciliations for how far it is, and Drift."

    @detail_action(
        permission="integrations.pause_platform",
        description="Probe",
        icon="network_check",
        question="A few harmless calls: connection, key, what we may read.",
    )
    def probe(self, request, health, values):
        checks = probe_platform(health.platform).checks
        for check in checks:
            tell = messages.success if check.works else messages.error
            tell(request, f"{check.what}: {check.words}")
            if check is checks[0] and not check.works:
                break  # the others were not tried
        return HttpResponseRedirect(change_url(self, health))

    @detail_action(
        permission="integrations.pause_platform",
        description="Pause",
        icon="pause",
        form=ReasonForm,
        question="No call is made until somebody resumes it. Orders wait and lose nothing.",
    )
    def pause(self, request, health, values):
        pause_platform(health.platform, values["reason"])
        return f"{health} is paused."

    @detail_action(
        permission="integrations.pause_platform", description="Resume", icon="play_arrow"
    )
    def resume(self, request, health, values):
        resume_platform(health.platform)
        return f"{health} goes on."


def _errors(health):
    return numbers.share_of_errors(health.calls or 0, health.failed_calls or 0)


def _dispatches(request, health, queue):
    if not request.user.has_perm("integrations.view_dispatch"):
        return ""
    query = urlencode({"queue": queue, "platform__exact": health.platform})
    return f"{reverse('admin:integrations_dispatch_changelist')}?{query}"


def _drift(request, health):
    if not request.user.has_perm("integrations.view_driftfinding"):
        return ""
    query = urlencode({"platform__exact": health.platform})
    return f"{reverse('admin:integrations_driftfinding_changelist')}?{query}"


def _failed_calls(request, health):
    if not request.user.has_perm("integrations.view_apicall"):
        return ""
    query = urlencode({"platform__exact": health.platform, "retention__exact": "failure"})
    return f"{reverse('admin:integrations_apicall_changelist')}?{query}"
