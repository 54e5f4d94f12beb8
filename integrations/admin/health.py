"""Each platform: may it be called, what waits for it, how it fares."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.timesince import timesince
from unfold.decorators import display

from core.models import RateBudget
from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin
from integrations.admin.looks import HEALTH_LABELS
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
        "drift",
        "last_success_at",
    ]
    fields = [
        "platform",
        "state_now",
        ("failures", "last_error"),
        ("last_success_at", "last_failure_at"),
        ("open_until", "slow_until"),
        ("paused_at", "paused_by"),
        "pause_reason",
    ]
    readonly_fields = ["state_now"]
    actions_detail = ["sync_now", "reconcile_now", "probe", "pause", "resume"]

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
        return _state(health)

    @display(description="State")
    def state_now(self, health):
        return _state(health)

    @display(description="Queue")
    def queue(self, health):
        return health.queued or 0

    @display(description="Oldest")
    def oldest(self, health):
        return timesince(health.oldest_at) if health.oldest_at else "–"

    @display(description="Need help")
    def helpless(self, health):
        return health.stuck or 0

    @display(description="Drift")
    def drift(self, health):
        return health.drifting or 0

    @display(description="Errors in the last hour")
    def error_rate(self, health):
        if not health.calls:
            return "–"
        return f"{100 * (health.failed_calls or 0) / health.calls:.0f} % of {health.calls}"

    @display(description="Budget left")
    def budget(self, health):
        budget = _budgets(health).get(f"platform:{health.platform}")
        if budget is None:
            return "–"
        passed = max(0.0, timezone.now().timestamp() - budget.refilled_at)
        left = min(budget.capacity, budget.tokens + passed * budget.per_second)
        return f"{left:.0f} of {budget.capacity:.0f}"

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
        return " · ".join(f"{check.what}: {check.words}" for check in checks)

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


def _state(health):
    now = timezone.now()
    if health.paused_at:
        return "Paused"
    if health.open_until:
        return "Down"
    if health.slow_until and health.slow_until > now:
        return "Waiting"
    return "Working" if getattr(health, "queued", 0) else "Idle"


def _budgets(health):
    """One query a page is not worth a join: there are two platforms."""
    return {row.key: row for row in RateBudget.objects.filter(key=f"platform:{health.platform}")}
