"""The list's action menu: confirm what will happen to how many, then start a bulk run."""

import secrets
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string

from core.correlation import correlation_id
from core.errors import DomainError
from core.staff.forms import StaffForm
from core.staff.pages import PERMISSION, change_url
from orders.models import BulkRun, Order
from orders.services.bulk import (
    BulkAction,
    FilteredOrders,
    TickedOrders,
    bulk_actions,
    highest_order_id,
    orders_of,
    start_bulk_run,
)

SAMPLE = 10


def bulk_menu() -> list[Callable[..., HttpResponse]]:
    """One choice for every bulk action, as Django's admin wants them."""
    return [_choice(action) for action in bulk_actions()]


def _choice(action: BulkAction) -> Callable[..., HttpResponse]:
    def choose(page: Any, request: HttpRequest, _queryset: QuerySet[Order]) -> HttpResponse:
        if not page.may(request, action.permission):
            raise PermissionDenied
        return BulkQuestion(page, request, action).answer()

    choose.__name__ = action.name
    choose.short_description = action.label
    setattr(choose, PERMISSION, action.permission)
    return choose


class FrozenForm(forms.Form):
    """What the confirm page remembers of the moment it was opened."""

    token = forms.RegexField(r"^[0-9a-f]{32}$")
    highest_id = forms.IntegerField(min_value=0)


class BulkQuestion:
    """One visit to the confirm page: the first asks, the second starts."""

    def __init__(self, page: Any, request: HttpRequest, action: BulkAction):
        self.page, self.request, self.action = page, request, action
        self.person = cast(User, request.user)  # the admin lets nobody else in
        frozen = FrozenForm(request.POST)
        self.is_confirmed = "confirmed" in request.POST and frozen.is_valid()
        self.token = frozen.cleaned_data["token"] if self.is_confirmed else secrets.token_hex(16)
        self.highest_id = (
            frozen.cleaned_data["highest_id"] if self.is_confirmed else highest_order_id()
        )
        form: type[StaffForm] = import_string(action.form)
        self.form = form(request.POST if self.is_confirmed else None)

    @property
    def is_across(self) -> bool:
        return self.request.POST.get("select_across") == "1"

    @property
    def ticked(self) -> tuple[int, ...]:
        ticked = self.request.POST.getlist(ACTION_CHECKBOX_NAME)
        return tuple(int(pk) for pk in ticked if pk.isdecimal())

    @property
    def selection(self) -> TickedOrders | FilteredOrders:
        if self.is_across:
            return FilteredOrders(self.request.GET.urlencode(), self.highest_id)
        return TickedOrders(self.ticked)

    def answer(self) -> HttpResponse:
        if self.is_confirmed and self.form.is_valid() and (run := self._start()):
            return HttpResponseRedirect(self._url_of(run))
        return self._ask()

    def _start(self) -> BulkRun | None:
        values = self.form.cleaned_data
        try:
            run = start_bulk_run(self.action.name, self.selection, values, self.token)
        except DomainError as error:
            self.form.add_error(None, str(error))
            return None
        if run.correlation_id != correlation_id.get():
            messages.info(self.request, "This was started before; here is that run.")
        return run

    def _url_of(self, run: BulkRun) -> str:
        return change_url(self.page.admin_site.get_model_admin(BulkRun), run)

    def _ask(self) -> HttpResponse:
        orders = orders_of(self.selection, self.person)
        label = self.action.label.rstrip("…")
        context = {
            **self.page.admin_site.each_context(self.request),
            "title": label,
            "opts": Order._meta,
            "form": self.form,
            "action": self.action,
            "chosen": [] if self.is_across else self.ticked,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "is_across": self.is_across,
            "token": self.token,
            "highest_id": self.highest_id,
            "count": orders.count(),
            "sample": list(orders.order_by("-pk").values_list("number", flat=True)[:SAMPLE]),
            "forecast": [(said, n) for said, n in self.action.forecast(orders, {}) if n],
            "costs": self.action.costs(orders),
            "submit_text": label,
            "back_url": self.request.get_full_path(),
            "media": self.page.media + self.form.media,
        }
        status = 400 if self.form.errors else 200
        page = "admin/orders/bulk_confirm.html"
        return TemplateResponse(self.request, page, context, status=status)
