"""The queue's causes on its list: what to fix, and all that wait for it replayed as a bulk run."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core.errors import DomainError
from core.staff.forms import StaffForm
from core.staff.pages import ReadOnlyAdmin
from integrations.models import DispatchState, PlatformHealth
from integrations.services.bulk import APPROVE, RETRY
from integrations.services.causes import Cause, grouped_causes
from orders.services.bulk import TickedOrders, start_bulk_run
from warehouses.models import Platform

_OF_THE_PLATFORM = frozenset(
    {
        "allowance_spent",
        "bad_credentials",
        "garbled",
        "payment_needed",
        "redirected",
        "unavailable",
    }
)
_OF_THE_LIST = frozenset({"queue", "p", "o"})
_SAMPLE = 10


class CauseForm(forms.Form):
    """Which dispatches are like each other, as the address says it."""

    platform = forms.ChoiceField(choices=Platform)
    error_code = forms.CharField(max_length=40, required=False)
    missing = forms.CharField(max_length=100, required=False)
    error = forms.CharField(max_length=1000, required=False, strip=False)


class RetryForm(StaffForm):
    token = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class ApproveForm(RetryForm):
    reason = forms.CharField(max_length=300, help_text="Kept in the history.")


@dataclass(frozen=True, slots=True)
class Replay:
    """What may be done with all of one cause."""

    name: str
    title: str
    question: str
    action: object
    form: type[RetryForm]


RETRY_ALL = Replay(
    "retry_cause",
    "Replay all like this",
    "Each is tried again from the start; what is in doubt is looked up first.",
    RETRY,
    RetryForm,
)
APPROVE_ALL = Replay(
    "approve_cause",
    "Approve all like this",
    "Each is allowed exactly what it asks, and goes on.",
    APPROVE,
    ApproveForm,
)


class CausePages(ReadOnlyAdmin):
    """The panel above the list of dispatches, and the pages behind its buttons."""

    list_before_template = "admin/integrations/causes.html"

    class Media:
        css = {"all": ["routing/routing.css", "integrations/platforms.css"]}

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("causes/retry/", wrap(self.retry_cause), name="integrations_dispatch_retry_cause"),
            path(
                "causes/approve/",
                wrap(self.approve_cause),
                name="integrations_dispatch_approve_cause",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        is_whole = not set(request.GET) - _OF_THE_LIST
        groups = grouped_causes() if is_whole else []
        pages = _platform_pages() if groups else {}
        causes = [self._shown_cause(request, group, pages) for group in groups]
        return super().changelist_view(request, (extra_context or {}) | {"causes": causes})

    def _shown_cause(self, request, group, pages):
        return {
            "group": group,
            "list_url": list_url(group.cause),
            "sentences": [(one, list_url(one.cause)) for one in group.sentences],
            "fix": self.fix_of(request, group.cause, pages),
            "buttons": self.cause_buttons(request, group.cause, asks=group.asking > 0),
        }

    def cause_buttons(self, request, cause, *, asks):
        """Label and address of what the person may do about it."""
        wanted = [APPROVE_ALL, RETRY_ALL] if asks else [RETRY_ALL]
        return [
            (f"{replay.title}…", _cause_url(replay, cause))
            for replay in wanted
            if self.may(request, replay.action.permission)
        ]

    def fix_of(self, request, cause, pages):
        """Label and address of where it is put right for all at once; None: order by order."""
        kind, _colon, ours = cause.missing.partition(":")
        if ours and self.may(request, "integrations.add_remoteid"):
            query = {"platform": cause.platform, "kind": kind, "ours": ours}
            return "Map it…", f"{reverse('admin:integrations_remoteid_add')}?{urlencode(query)}"
        is_broken = cause.error_code in _OF_THE_PLATFORM and cause.platform in pages
        if is_broken and self.may(request, "integrations.view_platformhealth"):
            return "To the platform", pages[cause.platform]
        return None

    def like_this(self, request, dispatch):
        """How many others wait for the same reason, and what may be done with all of them."""
        if dispatch.state != DispatchState.NEEDS_HELP:
            return {}
        cause = Cause(dispatch.platform, dispatch.error_code, dispatch.missing)
        return {
            "others": cause.dispatches().exclude(pk=dispatch.pk).count(),
            "others_url": list_url(cause),
            "fix": self.fix_of(request, cause, _platform_pages()),
            "like_buttons": self.cause_buttons(request, cause, asks=bool(dispatch.asked)),
        }

    def retry_cause(self, request):
        return _answer(self, request, RETRY_ALL)

    def approve_cause(self, request):
        return _answer(self, request, APPROVE_ALL)


def list_url(cause):
    query = {f"{name}__exact": value for name, value in cause.parameters.items()}
    query["state__exact"] = DispatchState.NEEDS_HELP.value
    return f"{_list()}?{urlencode(query)}"


def _platform_pages():
    page = "admin:integrations_platformhealth_change"
    rows = PlatformHealth.objects.values_list("platform", "pk")
    return {platform: reverse(page, args=[pk]) for platform, pk in rows}


def _list():
    return reverse("admin:integrations_dispatch_changelist")


def _cause_url(replay, cause):
    page = reverse(f"admin:integrations_dispatch_{replay.name}")
    return f"{page}?{urlencode(cause.parameters)}"


def _answer(page, request, replay):
    """GET asks, POST starts the run; whoever may not is told nothing."""
    if not page.may(request, replay.action.permission) or not page.has_view_permission(request):
        raise PermissionDenied
    chosen = CauseForm(request.GET)
    cause = _cause_of(chosen, request) if chosen.is_valid() else None
    orders = cause.order_ids() if cause else []
    if not orders:
        messages.info(request, "Nothing waits for this reason any more.")
        return HttpResponseRedirect(_list())
    form = replay.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        run = _started(replay, cause, orders, form)
        if run is not None:
            return HttpResponseRedirect(reverse("admin:orders_bulkrun_change", args=[run.pk]))
    return _ask(page, request, replay, cause, orders, form)


def _cause_of(chosen, request):
    """Only with what the address names: without `error` every sentence is meant."""
    given = {name: value for name, value in chosen.cleaned_data.items() if name in request.GET}
    return Cause.of_parameters(given)


def _started(replay, cause, orders, form):
    values = dict(form.cleaned_data)
    token = values.pop("token")
    try:
        selection = TickedOrders(tuple(orders))
        return start_bulk_run(replay.action.name, selection, values | cause.parameters, token)
    except DomainError as error:
        form.add_error(None, str(error))
        return None


def _ask(page, request, replay, cause, orders, form):
    waiting = cause.dispatches().order_by("created_at", "id")
    form.fields["token"].initial = secrets.token_hex(16)
    context = {
        **page.admin_site.each_context(request),
        "title": replay.title,
        "opts": page.model._meta,
        "form": form,
        "question": replay.question,
        "submit_text": replay.title,
        "back_url": _list(),
        "media": page.media + form.media,
        "count": waiting.count(),
        "sample": list(waiting.select_related("order")[:_SAMPLE]),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/integrations/cause.html", context, status=status)
