"""The page of a bulk run: how far it is, what became of each order, and what can be done."""

import csv
from collections.abc import Iterator

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import path
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.exports import safe_cell
from core.staff.actions import detail_action
from core.staff.pages import ReadOnlyAdmin, change_url
from orders.admin.looks import BULK_RESULT_LABELS, BULK_STATE_LABELS
from orders.admin.progress import counts_of, parameters_of, progress_of, words_of
from orders.models import BulkResult, BulkRun
from orders.models.bulk import FAILURES
from orders.services.bulk import bulk_actions, cancel_bulk_run, retry_failures

ROWS_PER_PAGE = 50
_TABS = {
    "problems": ("Refused or failed", FAILURES),
    "review": ("Waits for a person", {BulkResult.REVIEW}),
    "done": ("Done", {BulkResult.DONE}),
    "pending": ("Not done", {BulkResult.PENDING}),
    "all": ("All", set(BulkResult)),
}


class ActionFilter(admin.SimpleListFilter):
    title = "action"
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return [(action.name, action.label.rstrip("…")) for action in bulk_actions()]

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


class MineFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "who"

    def lookups(self, request, model_admin):
        return [("me", "Started by me")]

    def queryset(self, request, queryset):
        return queryset.filter(actor=request.user) if self.value() == "me" else queryset


@admin.register(BulkRun)
class BulkRunAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "state_label",
        "progress",
        "waiting",
        "failures",
        "actor",
        "created_at",
        "finished_at",
    ]
    list_filter = [("state", ChoicesDropdownFilter), ActionFilter, MineFilter]
    list_select_related = ["actor"]
    fields = ["label"]
    actions_detail = ["cancel_rest", "retry"]

    class Media:
        js = ["crossdock/bulk_run.js"]

    @display(description="Run")
    def name(self, run):
        return str(run)

    @display(description="State", ordering="state", label=BULK_STATE_LABELS)
    def state_label(self, run):
        return run.state, run.get_state_display()

    @display(description="Handled")
    def progress(self, run):
        return f"{run.done:,} of {run.total:,}"

    @display(description="Waits for a person")
    def waiting(self, run):
        return f"{run.to_review:,}" if run.to_review else "–"

    @display(description="Refused or failed")
    def failures(self, run):
        return f"{run.failures:,}" if run.failures else "–"

    def get_urls(self):
        see = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", see(self.progress_view), name="orders_bulkrun_progress"),
            path("<int:pk>/results.csv", see(self.csv_view), name="orders_bulkrun_csv"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor", "parent", "retry")

    def get_actions_detail(self, request, object_id):
        """Only the buttons that would do something now."""
        buttons = super().get_actions_detail(request, object_id)
        run = self.get_object(request, object_id) if buttons else None
        if run is None or not request.user.has_perm(run.permission):
            return []
        useful = {"cancel-rest": not run.is_finished, "retry": run.can_be_retried}
        return [button for button in buttons if useful[button.path]]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context |= _results(request, obj)
        context |= {
            "run": obj,
            "progress": progress_of(obj),
            "parameters": parameters_of(obj),
            "state_label": BULK_STATE_LABELS[obj.state],
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return JsonResponse(
            progress_of(self._run(request, pk)), headers={"Cache-Control": "no-store"}
        )

    def csv_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = self._run(request, pk)
        name = f"bulk-run-{run.pk}.csv"
        return StreamingHttpResponse(
            _csv_lines(run),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _run(self, request: HttpRequest, pk: int) -> BulkRun:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @detail_action(
        permission="orders.change_bulkrun",
        description="Cancel the rest",
        icon="cancel",
        question="Orders not done yet are left as they are. What is done stays done.",
    )
    def cancel_rest(self, request, run, values):
        _check_permission(request, run)
        cancel_bulk_run(run)
        if run.is_finished:
            return f"{run} is cancelled."
        return f"{run} stops after the orders in hand."

    @detail_action(
        permission="orders.change_bulkrun",
        description="Retry only failures",
        icon="replay",
        question="The same is tried again, only on the orders that were refused or failed.",
    )
    def retry(self, request, run, values):
        _check_permission(request, run)
        return HttpResponseRedirect(change_url(self, retry_failures(run)))


def _check_permission(request: HttpRequest, run: BulkRun) -> None:
    """Whoever may not start the action may neither stop nor repeat it."""
    if not request.user.has_perm(run.permission):
        raise PermissionDenied


def _results(request: HttpRequest, run: BulkRun) -> dict[str, object]:
    """One page of results; what went wrong comes first."""
    counts, words = counts_of(run), words_of(run)
    tabs = [name for name in _TABS if name != "review" or "review" in words]
    first = next((name for name in ("problems", "review") if counts[name]), "all")
    shown = request.GET.get("show", first)
    shown = shown if shown in tabs else first
    return {
        "tabs": [(name, words.get(name, _TABS[name][0]), counts[name]) for name in tabs],
        "words": words,
        "shown": shown,
        "rows": _page_of(request, run, shown, counts[shown]),
        "result_labels": BULK_RESULT_LABELS,
    }


def _page_of(request: HttpRequest, run: BulkRun, shown: str, count: int) -> Page:
    rows = run.rows.order_by("id")
    if shown != "all":
        rows = rows.filter(result__in=_TABS[shown][1])
    paginator = Paginator(rows, ROWS_PER_PAGE)
    # Known from the run itself: counting 100,000 rows for every page is not free.
    paginator.count = count
    return paginator.get_page(request.GET.get("page"))


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(run: BulkRun) -> Iterator[str]:
    writer, words = csv.writer(_Echo()), words_of(run)
    yield "\ufeff" + writer.writerow(["Order", "Result", "Message"])
    for row in run.rows.order_by("id").iterator(chunk_size=2_000):
        result = words.get(row.result, row.get_result_display())
        cells = [row.label, result, row.message]
        yield writer.writerow([safe_cell(cell) for cell in cells])
