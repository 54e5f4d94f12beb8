"""The page where a file of orders is handed in."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.errors import DomainError
from core.staff.forms import StaffForm
from orders.intake.formats import FORMATS
from orders.models import ImportMode, ImportSession
from orders.services.imports.sessions import open_session

PERMISSION = "orders.import_orders"
_RECENT = 200


class UploadForm(StaffForm):
    file = forms.FileField(help_text="CSV, TSV or XLSX, as the shop exported it.")
    source = forms.CharField(
        max_length=50,
        help_text="Where the orders come from, as in shopify. A number is taken once per source.",
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    mode = forms.ChoiceField(
        choices=ImportMode.choices,
        initial=ImportMode.CREATE,
        help_text="What happens with numbers that are already there.",
    )
    format = forms.ChoiceField(
        choices=[("auto", "Recognise by its columns")]
        + [(known.name, known.label[:1].upper() + known.label[1:]) for known in FORMATS],
        initial="auto",
    )


def upload(admin, request: HttpRequest) -> HttpResponse:
    """POST keeps the file and leads to its page, where it is read in the background."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        try:
            session = _open(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            page = reverse("admin:orders_importsession_change", args=[session.pk])
            return HttpResponseRedirect(page)
    context = {
        **admin.admin_site.each_context(request),
        "title": "Import a file of orders",
        "model_admin": admin,
        "form": form,
        "media": admin.media + form.media,
        "sources": _sources(),
    }
    status = 400 if form.errors else 200
    template = "admin/orders/importsession/upload.html"
    return TemplateResponse(request, template, context, status=status)


def _open(values: dict) -> ImportSession:
    file = values["file"]
    return open_session(
        file.name,
        file.chunks(),
        source=values["source"],
        mode=ImportMode(values["mode"]),
        wanted_format=values["format"],
    )


def _sources() -> list[str]:
    """The formats' own names, and what was used lately."""
    recent = ImportSession.objects.order_by("-created_at").values_list("source", flat=True)
    return sorted({*recent[:_RECENT], *(known.name for known in FORMATS)} - {"native"})
