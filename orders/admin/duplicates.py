"""Two orders that look like one, side by side."""

from django.contrib import admin
from django.urls import reverse
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin
from orders.admin.looks import STATUS_LABELS
from orders.admin.words import label_of
from orders.models import DuplicatePair, PairState
from orders.services import cancel_one, keep_both, merge

_COMPARED = [
    "source",
    "order_date",
    "recipient_name",
    "company",
    "phone",
    "email",
    "address_1",
    "address_2",
    "city",
    "state",
    "postal_code",
    "country",
    "shipping_method",
    "wanted_carrier",
    "promise_date",
    "currency",
    "notes",
]
STATE_LABELS = {"open": "warning", "kept": "success", "merged": "info", "cancelled": "default"}


class StateFilter(admin.SimpleListFilter):
    """The list opens with what is to be decided."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("all", "All"), *PairState.choices]

    def choices(self, changelist):
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or PairState.OPEN) == value,
                "query_string": changelist.get_query_string({"state": value}),
                "display": title,
            }

    def queryset(self, request, queryset):
        wanted = self.value() or PairState.OPEN
        return queryset if wanted == "all" else queryset.filter(state=wanted)


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ReadOnlyAdmin):
    list_display = ["pair", "recipient", "destination", "state_label", "created_at", "decided_by"]
    list_filter = [StateFilter]
    list_select_related = ["first", "second", "decided_by"]
    fields = ["state", "reason", "decided_by", "decided_at", "created_at"]
    actions_detail = ["keep_both", "merge", "cancel_newer", "cancel_older"]
    change_form_outer_before_template = "admin/orders/duplicatepair/side_by_side.html"

    def get_actions_detail(self, request, object_id):
        undecided = DuplicatePair.objects.filter(pk=object_id, state=PairState.OPEN)
        return super().get_actions_detail(request, object_id) if undecided.exists() else []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pair = self.get_object(request, object_id)
        context = side_by_side(pair) if pair else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @display(description="Orders")
    def pair(self, pair):
        return f"{pair.first} and {pair.second}"

    @display(description="Recipient")
    def recipient(self, pair):
        return pair.second.recipient_name

    @display(description="Destination")
    def destination(self, pair):
        order = pair.second
        return ", ".join(part for part in (order.city, order.state, order.country) if part) or "–"

    @display(description="State", ordering="state", label=STATE_LABELS)
    def state_label(self, pair):
        return pair.state, pair.get_state_display()

    @detail_action(
        permission="orders.change_order",
        description="Keep both",
        icon="done_all",
        form=ReasonForm,
        question="They are two orders. This pair is not asked about again.",
    )
    def keep_both(self, request, pair, values):
        keep_both(pair, values["reason"])
        return f"Orders {pair.first} and {pair.second} are both kept."

    @detail_action(
        permission="orders.cancel_order",
        description="Merge",
        icon="merge",
        form=ReasonForm,
        question="The older order takes what only the newer one has; the newer one is cancelled.",
    )
    def merge(self, request, pair, values):
        merge(pair, values["reason"])
        return f"Order {pair.second} is merged into order {pair.first}."

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel the newer",
        icon="cancel",
        form=ReasonForm,
        question="Reserved stock is released. A cancelled order stays cancelled.",
    )
    def cancel_newer(self, request, pair, values):
        cancel_one(pair, pair.second, values["reason"])
        return f"Order {pair.second} is cancelled."

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel the older",
        icon="cancel",
        form=ReasonForm,
        question="Reserved stock is released. A cancelled order stays cancelled.",
    )
    def cancel_older(self, request, pair, values):
        cancel_one(pair, pair.first, values["reason"])
        return f"Order {pair.first} is cancelled."


def side_by_side(pair):
    """Both orders as rows of label, older, newer, and whether they differ."""
    older, newer = pair.first, pair.second
    values = [(label_of(name), getattr(older, name), getattr(newer, name)) for name in _COMPARED]
    values.append(("Lines", _lines(older), _lines(newer)))
    return {
        "both": [_head("Older", older), _head("Newer", newer)],
        "rows": [
            {"label": label, "older": old, "newer": new, "differs": (old or "") != (new or "")}
            for label, old, new in values
            if old or new
        ],
    }


def _head(title, order):
    return {
        "title": title,
        "order": order,
        "look": STATUS_LABELS[order.status],
        "url": reverse("admin:orders_order_change", args=[order.pk]),
    }


def _lines(order):
    return "\n".join(str(line) for line in order.lines.order_by("sku", "position"))
