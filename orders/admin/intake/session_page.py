"""What the page of one import shows: how far it is, its rows, and what may be done next."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from orders.admin.intake.counts import ROW_LABELS, StateCount, applicable, counts_of
from orders.intake.formats import FORMATS
from orders.models import ImportRow, ImportSession, ImportState, RowState
from orders.models.imports import WORKING
from orders.services.imports.rows import is_fixable

ROWS_A_PAGE = 50
_MOST_REMARKS = 50
_APPLY_IN = (ImportState.PREVIEW, ImportState.DONE)


def session_context(session: ImportSession, request: HttpRequest) -> dict[str, Any]:
    """A constant number of queries, whatever the size of the file."""
    counts = counts_of(session)
    state, search = _chosen_state(request), request.GET.get("q", "").strip()
    return {
        "session": session,
        "counts": counts,
        "rows_total": sum(one.count for one in counts),
        "page": _page(session, request, state, search),
        "chosen_state": state,
        "search": search,
        "is_working": session.state in WORKING,
        "said": progress_of(session)["said"],
        "mapped": sorted(session.mapping.items()),
        "can_map": session.state in (ImportState.PREVIEW, ImportState.REFUSED)
        and bool(session.columns),
        "has_failed_rows": any(c.state in (RowState.ERROR, RowState.FAILED) for c in counts),
        "remarks": [_with_row(remark) for remark in session.remarks[:_MOST_REMARKS]],
        "ready_rows": applicable(counts) if session.state in _APPLY_IN else 0,
        "may_import": request.user.has_perm("orders.import_orders"),
        "same_file": _same_file(session),
        "next_step": _next_step(session, counts),
        "format_label": format_label(session.format),
    }


def _with_row(remark: dict[str, Any]) -> dict[str, Any]:
    """With the row it speaks of before it, unless it says so itself."""
    row = remark["row"]
    is_named = row is None or f"row {row}" in remark["message"].lower()
    return remark | {"said": remark["message"] if is_named else f"Row {row}: {remark['message']}"}


def format_label(name: str) -> str:
    """As staff know it; a name that no format has any more stays as it is."""
    label = next((known.label for known in FORMATS if known.name == name), name)
    return label[:1].upper() + label[1:]


def _chosen_state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in RowState.values else ""


def _page(session: ImportSession, request: HttpRequest, state: str, search: str) -> Page:
    rows = ImportRow.objects.filter(session=session).select_related("order").order_by("position")
    rows = rows.defer("cells", "before")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(number__icontains=search)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.session = session
        _describe(row)
    return page


def _describe(row: Any) -> None:
    """Give the row what its line in the table says."""
    recipient = row.parsed.get("recipient", {})
    place = (recipient.get(name, "") for name in ("city", "state", "country"))
    lines = row.parsed.get("lines", [])
    row.look = ROW_LABELS[row.state]
    row.recipient = recipient.get("name") or recipient.get("company") or "–"
    row.place = ", ".join(filter(None, place))
    row.contents = ", ".join(f"{line['quantity'] or '?'} × {line['sku'] or '?'}" for line in lines)
    row.said = row.problem or " ".join(remark["message"] for remark in row.remarks[:3])
    row.seen_rows = ", ".join(map(str, row.file_rows[:4])) + ("…" if len(row.file_rows) > 4 else "")
    row.can_fix = is_fixable(row)


def _same_file(session: ImportSession) -> ImportSession | None:
    """An earlier import of the very same file that was applied."""
    same = ImportSession.objects.filter(file_hash=session.file_hash, applied_at__isnull=False)
    return same.exclude(pk=session.pk).exclude(state=ImportState.UNDONE).first()


def progress_of(session: ImportSession) -> dict[str, Any]:
    """What the progress bar asks for every two seconds."""
    is_working = session.state in WORKING
    total = 0 if session.state == ImportState.READING else session.orders_total
    done = f"{session.orders_done:,}" + (f" of {total:,}" if total else "")
    return {
        "is_working": is_working,
        "state": session.state,
        "done": session.orders_done,
        "total": total,
        "said": f"{session.get_state_display()}: {done} orders",
        "url": reverse("admin:orders_importsession_change", args=[session.pk]),
    }


def _next_step(session: ImportSession, counts: list[StateCount]) -> str:
    match session.state:
        case ImportState.PREVIEW if any(one.state == RowState.ERROR for one in counts):
            return "Fix the rows with errors or leave them out, then apply. Nothing is written yet."
        case ImportState.PREVIEW:
            return "Look at the rows, then apply. Nothing is written yet."
        case ImportState.REFUSED if session.columns:
            return "Say which column is which, or discard the file."
        case ImportState.REFUSED:
            return "Correct the file and upload it again."
        case ImportState.DISCARDED:
            return "The file and its rows were deleted; nothing of it was written."
    return ""
