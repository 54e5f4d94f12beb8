"""New orders from text: paste, see what was understood, correct it in place, create."""

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.staff.forms import StaffForm
from core.staff.pages import StaffAdmin
from orders.admin.intake.cards import overview
from orders.admin.intake.choices import choices_for_cards
from orders.admin.intake.review import (
    Result,
    Review,
    cards_of,
    create,
    read_review,
    seal,
    unseal,
)

PERMISSION = "orders.import_orders"
_LONGEST = 1_000_000


class TextForm(StaffForm):
    text = forms.CharField(
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 14,
                "autofocus": True,
                "spellcheck": "false",
                "placeholder": "Dana Reyes, 1 Market St, San Francisco CA 94105, 2 x MUG-01",
            }
        ),
        help_text="One customer a line, rows copied from a spreadsheet, an address block, an "
        "e-mail: paste it as it is. Nothing is created before you have looked at it.",
    )


class FromTextPages(StaffAdmin):
    """Adds the page to the order list's admin."""

    def get_urls(self):
        view = require_http_methods(["GET", "POST"])(partial(from_text, self))
        page = path("from-text/", self.admin_site.admin_view(view), name="orders_order_from_text")
        return [page, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        may = {"may_import": request.user.has_perm(PERMISSION)}
        return super().changelist_view(request, (extra_context or {}) | may)


def from_text(admin, request: HttpRequest) -> HttpResponse:
    """GET asks for the text; POST shows what was understood; POST with a review creates."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if "review" in request.POST:
        return _create(admin, request)
    form = TextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            review = read_review(form.cleaned_data["text"])
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            if review.received:
                return _show(admin, request, review, Result(cards=cards_of(review.received)))
            return _ask(admin, request, form, review)
    return _ask(admin, request, form)


def _create(admin, request: HttpRequest) -> HttpResponse:
    try:
        review = unseal(request.POST["review"], request.user.pk)
    except DomainError as error:
        form = TextForm({"text": ""})
        form.full_clean()
        form.errors.clear()
        form.add_error(None, str(error))
        return _ask(admin, request, form)
    return _show(admin, request, review, create(review, request.POST))


def _ask(admin, request: HttpRequest, form: TextForm, review: Review | None = None) -> HttpResponse:
    context = _context(admin, request) | {"form": form, "review": review}
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/orders/order/from_text.html", context, status=status)


def _show(admin, request: HttpRequest, review: Review, result: Result) -> HttpResponse:
    context = _context(admin, request) | {
        "review": review,
        "result": result,
        "sealed": seal(review, request.user.pk) if review.received else "",
        "overview": overview(result.cards),
        **choices_for_cards(),
    }
    return TemplateResponse(request, "admin/orders/order/review.html", context)


def _context(admin, request: HttpRequest) -> dict:
    return {
        **admin.admin_site.each_context(request),
        "title": "New orders from text",
        "model_admin": admin,
        "is_fullwidth": "1",
    }
