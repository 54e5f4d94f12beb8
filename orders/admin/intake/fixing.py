"""The page of one row of an import: correct it, or leave it out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.errors import DomainError
from core.staff.pages import change_url
from orders.admin.intake.cards import Card, card_of, edit_of
from orders.admin.intake.choices import choices_for_cards
from orders.admin.intake.counts import ROW_LABELS
from orders.intake.neutral import order_from_json
from orders.models import ImportMode, ImportRow, RowState
from orders.services.imports.applying import received_of_row
from orders.services.imports.rows import fix_row, is_fixable, skip_row
from orders.services.intake.record import preview_orders

_PREFIX = "row"


def fix(admin, request: HttpRequest, row: ImportRow) -> HttpResponse:
    """GET shows the row; POST saves it, or leaves it out, and says what became of it."""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(admin, request, row))
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(change_url(admin, row.session))
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Row {row.file_rows[0] if row.file_rows else row.position} of {row.session}",
        "model_admin": admin,
        "session": row.session,
        "row": row,
        "look": ROW_LABELS[row.state],
        "card": _card(row),
        "given": _given(row),
        "can_fix": is_fixable(row),
        "back_url": change_url(admin, row.session),
        "is_fullwidth": "1",
        **choices_for_cards(),
    }
    return TemplateResponse(request, "admin/orders/importsession/row.html", context)


def _act(admin, request: HttpRequest, row: ImportRow) -> str:
    """The address of the page to go on with. Raises ImportRefused."""
    if "skip" in request.POST:
        skip_row(row)
        messages.success(request, f"{row} is left out.")
        return _next_page(admin, row, "next" in request.POST)
    edit = edit_of(request.POST, _PREFIX, order_from_json(row.parsed))
    fix_row(row, edit.changes, edit.lines)
    if row.state == RowState.ERROR:
        messages.error(request, f"Saved, but it cannot be applied yet. {row.problem}")
        return row_url(row)
    messages.success(request, f"{row} is “{row.get_state_display()}”.")
    return _next_page(admin, row, "next" in request.POST)


def _next_page(admin, row: ImportRow, is_next_wanted: bool) -> str:
    errors = ImportRow.objects.filter(session=row.session, state=RowState.ERROR)
    following = errors.order_by("position").first() if is_next_wanted else None
    return row_url(following) if following else change_url(admin, row.session)


def row_url(row: ImportRow) -> str:
    return reverse("admin:orders_importsession_row", args=[row.session_id, row.pk])


def _card(row: ImportRow) -> Card:
    received = received_of_row(row)
    mode = ImportMode(row.session.mode)
    (outcome,) = preview_orders([received], source=row.session.source, mode=mode)
    card = card_of(_PREFIX, received.order, outcome)
    if row.state not in (RowState.ERROR, RowState.READY, RowState.WARNING, RowState.SKIPPED):
        # Applied already: what would become of it now says nothing.
        card.problem = row.problem
    return card


def _given(row: ImportRow) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each row of the file with its filled cells, beside the names of their columns."""
    columns: list[Any] = row.session.columns
    given = []
    for number, cells in sorted(row.cells.items(), key=lambda item: int(item[0])):
        named = zip([*columns, *[""] * len(cells)], cells, strict=False)
        given.append((number, [(name or "–", cell) for name, cell in named if cell]))
    return given
