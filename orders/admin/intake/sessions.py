"""Imports in the admin: from the upload to the result, and back."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.pages import AuditedAdmin, ReadOnlyAdmin
from orders.admin.intake.counts import applicable, count_in, counts_of, has_applicable
from orders.admin.intake.fixing import fix
from orders.admin.intake.mapping import map_columns
from orders.admin.intake.products import import_products
from orders.admin.intake.session_page import format_label, progress_of, session_context
from orders.admin.intake.uploading import PERMISSION, upload
from orders.models import ColumnMapping, ImportRow, ImportSession, ImportState, RowState
from orders.services.imports.failures import failed_rows
from orders.services.imports.sessions import apply_session, discard_session, undo_session
from orders.services.imports.undoing import forecast_undo

STATE_LABELS = {
    "reading": "info",
    "refused": "danger",
    "preview": "warning",
    "applying": "info",
    "done": "success",
    "undoing": "info",
    "undone": "default",
    "discarded": "default",
}
_BUTTONS = {
    ImportState.PREVIEW: ("apply", "discard"),
    ImportState.REFUSED: ("discard",),
    ImportState.DONE: ("undo",),
}
"""Which buttons a session has; in the other states a job is at work or nothing is left. One that
is done can be applied again when rows were fixed since."""


def _buttons_of(session: ImportSession) -> tuple[str, ...]:
    if session.state == ImportState.DONE and has_applicable(session):
        return ("apply", "undo")
    return _BUTTONS.get(ImportState(session.state), ())


def apply_details(session: ImportSession) -> dict:
    counts = counts_of(session)
    return {
        "session": session,
        "ready": applicable(counts),
        "to_look_at": count_in(counts, RowState.WARNING),
        "held_back": count_in(counts, RowState.ERROR),
        "left_out": count_in(counts, RowState.SKIPPED),
    }


def undo_details(session: ImportSession) -> dict:
    return {"session": session, "forecast": forecast_undo(session)}


@admin.register(ImportSession)
class ImportSessionAdmin(ReadOnlyAdmin):
    list_display = [
        "file_name",
        "state_label",
        "format_name",
        "orders",
        "troubled",
        "source",
        "mode",
        "uploaded_by",
        "uploaded_at",
    ]
    list_filter = [("state", ChoicesDropdownFilter), ("source", FieldTextFilter)]
    list_select_related = ["created_by"]
    search_fields = ["file_name"]
    search_help_text = "Search by the name of the file."
    fields = ["file_name"]
    change_form_template = "admin/orders/importsession/change_form.html"
    actions_detail = ["apply", "undo", "discard"]

    def get_queryset(self, request):
        wrong = ImportRow.objects.filter(
            session=OuterRef("pk"), state__in=[RowState.ERROR, RowState.FAILED]
        )
        count = wrong.order_by().values("session").annotate(n=Count("pk")).values("n")
        sessions = super().get_queryset(request)
        return sessions.annotate(
            wrong_rows=Coalesce(Subquery(count, output_field=IntegerField()), 0)
        )

    def get_urls(self):
        return [
            self._page("upload/", "upload", ["GET", "POST"], self.upload_view),
            self._page("products/", "products", ["GET", "POST"], self.products_view),
            self._page("<int:pk>/progress/", "progress", ["GET"], self.progress_view),
            self._page("<int:pk>/failed-rows/", "failed_rows", ["GET"], self.failed_rows_view),
            self._page("<int:pk>/columns/", "columns", ["GET", "POST"], self.columns_view),
            self._page("<int:pk>/rows/<int:row_pk>/", "row", ["GET", "POST"], self.row_view),
            *super().get_urls(),
        ]

    def _page(self, route, name, methods, view):
        allowed = require_http_methods(methods)(view)
        protected = self.admin_site.admin_view(allowed)
        return path(route, protected, name=f"orders_importsession_{name}")

    def get_actions_detail(self, request, object_id):
        buttons = super().get_actions_detail(request, object_id)
        session = self.get_object(request, str(object_id))
        wanted = _buttons_of(session) if session else ()
        return [button for button in buttons if button.path in wanted]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        session = self.get_object(request, object_id)
        context = session_context(session, request) if session else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def changelist_view(self, request, extra_context=None):
        may = {"may_import": request.user.has_perm(PERMISSION)}
        return super().changelist_view(request, (extra_context or {}) | may)

    @display(description="State", ordering="state", label=STATE_LABELS)
    def state_label(self, session):
        return session.state, session.get_state_display()

    @display(description="Format", ordering="format")
    def format_name(self, session):
        return format_label(session.format) or "–"

    @display(description="Orders", ordering="orders_total")
    def orders(self, session):
        return session.orders_total

    @display(description="Uploaded by")
    def uploaded_by(self, session):
        return session.created_by or "–"

    @display(description="Uploaded", ordering="created_at")
    def uploaded_at(self, session):
        return session.created_at

    @display(description="Rows with errors")
    def troubled(self, session):
        return session.wrong_rows or "–"

    @detail_action(
        permission=PERMISSION,
        description="Apply",
        icon="check",
        details=apply_details,
        template="admin/orders/importsession/apply.html",
    )
    def apply(self, request, session, values):
        apply_session(session)
        return f"{session} is being applied."

    @detail_action(
        permission=PERMISSION,
        description="Undo…",
        icon="undo",
        details=undo_details,
        template="admin/orders/importsession/undo.html",
    )
    def undo(self, request, session, values):
        undo_session(session)
        return f"The import of {session} is being undone."

    @detail_action(
        permission=PERMISSION,
        description="Discard",
        icon="delete",
        question="The file and what was understood of it are deleted. Nothing of it was written "
        "to the orders, so no order changes.",
    )
    def discard(self, request, session, values):
        discard_session(session)
        return f"{session} is discarded."

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        return upload(self, request)

    def products_view(self, request: HttpRequest) -> HttpResponse:
        return import_products(self, request)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse(progress_of(get_object_or_404(ImportSession, pk=pk)))

    def failed_rows_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        session = self._session(request, pk)
        response = StreamingHttpResponse(failed_rows(session), content_type="text/csv")
        name = session.file_name.rpartition(".")[0] or session.file_name
        plain = "".join(letter for letter in name if letter.isalnum() or letter in " -_")
        ascii_name = plain.encode("ascii", "ignore").decode().strip() or "import"
        response["Content-Disposition"] = f'attachment; filename="{ascii_name}-failed-rows.csv"'
        return response

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return map_columns(self, request, self._session(request, pk))

    def row_view(self, request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
        session = self._session(request, pk)
        row = get_object_or_404(ImportRow, pk=row_pk, session=session)
        row.session = session
        return fix(self, request, row)

    def _session(self, request: HttpRequest, pk: int) -> ImportSession:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return get_object_or_404(ImportSession, pk=pk)


@admin.register(ColumnMapping)
class ColumnMappingAdmin(AuditedAdmin):
    """Made on an import's page; here it is found again and deleted."""

    list_display = ["name", "mapped", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["name"]
    fields = ["name", "columns"]
    is_deletable = True

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @display(description="Fields")
    def mapped(self, mapping):
        return len(mapping.columns)
