"""Buttons for staff: each names a permission, GET asks, POST acts, every row gets an answer."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_protect
from unfold.decorators import action as unfold_action

from core.errors import DomainError
from core.staff.forms import StaffForm
from core.staff.pages import PERMISSION, change_url

SHOWN_REFUSALS = 10

Act = Callable[..., Any]


def detail_action(
    *,
    permission: str,
    description: str,
    icon: str = "",
    form: type[StaffForm] = StaffForm,
    question: str = "",
    initial: Callable[[Any], dict[str, Any]] | None = None,
    details: Callable[[Any], dict[str, Any]] | None = None,
    template: str = "admin/staff_action.html",
) -> Callable[[Act], Any]:
    """A button on an object's page. The method gets (request, object, cleaned form values) and
    returns the sentence to show; a DomainError is shown beside the form and nothing is changed.

    `details` gives a page of its own (`template`) what it shows of the object before the click.
    """

    def decorate(act: Act) -> Any:
        # The theme's own permissions= asks the database in a system check, so that a fresh one
        # could not even be migrated; the check is ours, below and in the list of buttons.
        @unfold_action(
            description=description,
            url_path=act.__name__.replace("_", "-"),
            icon=icon or None,
        )
        @wraps(act)
        @_protected
        def view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
            if not self.may(request, permission):
                raise PermissionDenied
            obj = _object_of(self, request, object_id)
            filled = _filled(form, request, obj, initial(obj) if initial else None)
            answer = None
            if request.method == "POST" and filled.is_valid():
                answer = _perform(self, request, act, obj, filled)
            if answer is None:
                shown = details(obj) if details else {}
                asked = {"submit_text": description, "question": question} | shown
                answer = _ask(self, request, obj, filled, template, asked)
            return answer

        setattr(view, PERMISSION, permission)
        return view

    return decorate


def _filled(
    form: type[StaffForm], request: HttpRequest, obj: Model, initial: dict[str, Any] | None
) -> StaffForm:
    filled = form(request.POST if request.method == "POST" else None, initial=initial)
    filled.prepare(request, obj)
    return filled


def _protected(view: Act) -> Act:
    """admin_view protects by CSRF already; this holds wherever the method is called from."""

    @wraps(view)
    def protected(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def bound(request: HttpRequest) -> HttpResponse:
            return view(self, request, *args, **kwargs)

        answer: HttpResponse = csrf_protect(bound)(request)
        return answer

    return protected


def _object_of(admin: Any, request: HttpRequest, object_id: str) -> Model:
    obj = admin.get_object(request, unquote(object_id))
    if obj is None or not admin.has_view_permission(request, obj):
        raise PermissionDenied
    found: Model = obj
    return found


def _perform(
    admin: Any, request: HttpRequest, act: Act, obj: Model, form: StaffForm
) -> HttpResponse | None:
    try:
        sentence = act(admin, request, obj, form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    if isinstance(sentence, HttpResponse):
        return sentence
    messages.success(request, sentence)
    return HttpResponseRedirect(change_url(admin, obj))


def _ask(
    admin: Any,
    request: HttpRequest,
    obj: Model,
    form: StaffForm,
    template: str,
    shown: dict[str, Any],
) -> TemplateResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{shown['submit_text']}: {obj}",
        "opts": obj._meta,
        "original": obj,
        "form": form,
        "back_url": change_url(admin, obj),
        "media": admin.media + form.media,
        **shown,
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, template, context, status=status)


def list_action(
    *, permission: str, description: str, done: str, form: type[StaffForm] = StaffForm
) -> Callable[[Act], Any]:
    """A choice in a list's action menu: a confirm page, then the method once per row.

    The method gets (request, object, cleaned form values); `done` completes “3 …”.
    """

    def decorate(act: Act) -> Any:
        @wraps(act)
        def run(self: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
            if not self.may(request, permission):
                raise PermissionDenied
            confirmed = "confirmed" in request.POST
            filled = form(request.POST if confirmed else None)
            if not confirmed or not filled.is_valid():
                return _confirm(self, request, queryset, filled, act.__name__, description)
            values = filled.cleaned_data
            run_for_each(request, queryset, lambda row: act(self, request, row, values), done=done)
            return None

        # Not Django's allowed_permissions, which knows no permission of another model.
        setattr(run, PERMISSION, permission)
        run.short_description = description  # type: ignore[attr-defined]  # Django's own name
        return run

    return decorate


def _confirm(
    admin: Any, request: HttpRequest, queryset: Any, form: StaffForm, name: str, title: str
) -> HttpResponse:
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.model._meta,
        "form": form,
        "action_name": name,
        "chosen": chosen,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "select_across": request.POST.get("select_across", "0"),
        "count": admin.paginator(queryset, 1).count,
        "sample": list(queryset[:10]),
        "submit_text": title,
        "back_url": request.get_full_path(),
        "media": admin.media + form.media,
    }
    return TemplateResponse(request, "admin/staff_list_action.html", context)


def run_for_each(
    request: HttpRequest, rows: Iterable[Model], act: Callable[[Any], object], *, done: str
) -> None:
    """Act on every row, then say how many went through and why the others did not."""
    succeeded, refusals = 0, []
    for row in rows:
        try:
            act(row)
        except DomainError as error:
            refusals.append(str(error))
        else:
            succeeded += 1
    if succeeded:
        messages.success(request, f"{succeeded} {done}.")
    for refusal in refusals[:SHOWN_REFUSALS]:
        messages.error(request, refusal)
    if len(refusals) > SHOWN_REFUSALS:
        messages.error(request, f"… and {len(refusals) - SHOWN_REFUSALS} more were refused.")
