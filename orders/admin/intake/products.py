"""The page where a catalogue of products is handed in."""

from itertools import islice

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.staff.forms import StaffForm
from orders.intake.parsed import Remark
from orders.services.intake.products import ProductImport

PERMISSIONS = ("warehouses.add_product", "warehouses.change_product")
STATES = ("created", "updated", "unchanged", "failed")
_MOST_BYTES = 2_000_000
"""What one request can take over in good time, about 10,000 products."""
_MOST_REMARKS = 200


class CatalogueForm(StaffForm):
    file = forms.FileField(
        help_text="CSV, TSV or XLSX with a column of SKUs. Known products are brought up to date; "
        "a column that is not there changes nothing."
    )
    is_dry_run = forms.BooleanField(label="Only look, write nothing", required=False, initial=True)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > _MOST_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {_MOST_BYTES // 1_000_000} MB. Split it and import the "
                "parts, or have it loaded with the command import_products."
            )
        return file


def import_products(admin, request: HttpRequest) -> HttpResponse:
    """POST takes the file over, or only says what would become of it."""
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied
    posted = request.method == "POST"
    form = CatalogueForm(request.POST, request.FILES) if posted else CatalogueForm()
    result = _result(form.cleaned_data) if posted and form.is_valid() else None
    context = {
        **admin.admin_site.each_context(request),
        "title": "Import products",
        "model_admin": admin,
        "form": form,
        "media": admin.media + form.media,
        "result": result,
    }
    status = 400 if form.errors else 200
    template = "admin/orders/importsession/products.html"
    return TemplateResponse(request, template, context, status=status)


def _result(values: dict) -> dict:
    file = values["file"]
    run = ProductImport(source=file, name=file.name, is_dry_run=values["is_dry_run"])
    said: list[Remark] = [remark for _read, _outcome, remarks in run for remark in remarks]
    reading = run.reading
    said = [*(reading.remarks if reading else ()), *said]
    return {
        "file_name": file.name,
        "is_dry_run": run.is_dry_run,
        "is_refused": reading is None or reading.is_refused,
        "counts": [(state, run.counts[state]) for state in STATES],
        "remarks": list(islice(said, _MOST_REMARKS)),
        "more": max(0, len(said) - _MOST_REMARKS),
        "unknown_columns": reading.unknown_columns if reading else [],
    }
