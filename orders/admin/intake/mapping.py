"""The page where staff say which column of a file holds which of our fields."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from core.errors import DomainError
from core.staff.forms import StaffForm
from core.staff.pages import change_url
from orders.intake.formats import FIELDS, suggest_mapping
from orders.models import ImportSession
from orders.services.imports.looking import Column, look_at, opened
from orders.services.imports.sessions import read_with_mapping

_PREFIX = "column_"


class MappingForm(StaffForm):
    """One choice of a column for each of our fields."""

    save_as = forms.CharField(
        label="Remember as",
        max_length=100,
        required=False,
        help_text="Files with the same columns are then read like this by themselves.",
    )

    def __init__(self, columns: Sequence[Column], *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((one.name, _seen(one)) for one in columns)]
        for known in FIELDS:
            self.fields[_PREFIX + known.name] = forms.ChoiceField(
                label=known.label,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "ix-input"}),
            )

    def columns(self):
        """Each choice, and whether orders cannot be read without it."""
        return [(self[_PREFIX + known.name], known.is_required) for known in FIELDS]

    def mapping(self) -> dict[str, str]:
        """Our field → the chosen column."""
        chosen = {known.name: self.cleaned_data[_PREFIX + known.name] for known in FIELDS}
        return {name: column for name, column in chosen.items() if column}

    def clean(self):
        cleaned = super().clean() or {}
        if not any(cleaned.get(_PREFIX + known.name) for known in FIELDS):
            raise forms.ValidationError("Choose a column for at least the fields of the address.")
        return cleaned


def _seen(column: Column) -> str:
    """The column's name with some of its values, so that it is recognised."""
    values = ", ".join(column.samples)
    return f"{column.name}  ({values})"[:90] if values else column.name


def map_columns(admin, request: HttpRequest, session: ImportSession) -> HttpResponse:
    """GET shows the suggestion; POST has the file read anew."""
    with opened(session) as file:
        columns = look_at(file)
    initial = {
        _PREFIX + name: column
        for name, column in (suggest_mapping([c.name for c in columns]) | session.mapping).items()
    }
    posted = request.POST if request.method == "POST" else None
    form = MappingForm(columns, posted, initial=initial)
    if posted is not None and form.is_valid() and _read_anew(session, form):
        messages.success(request, "The file is being read by these columns.")
        return HttpResponseRedirect(change_url(admin, session))
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Columns of {session}",
        "model_admin": admin,
        "session": session,
        "columns": columns,
        "form": form,
        "back_url": change_url(admin, session),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(
        request, "admin/orders/importsession/mapping.html", context, status=status
    )


def _read_anew(session: ImportSession, form: MappingForm) -> bool:
    try:
        read_with_mapping(session, form.mapping(), save_as=form.cleaned_data["save_as"])
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
