"""The order page's part about lines: change, add, remove."""

from django import forms

from core.staff.actions import detail_action
from core.staff.forms import StaffForm, dress
from core.staff.pages import StaffAdmin
from orders.services import add_line, edit_line, remove_line


def _price(help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label="Unit price",
        max_digits=12,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text=help_text,
    )


class LineChoiceForm(StaffForm):
    """Asks which line; the version of the order comes along, so that a stale page is refused."""

    position = forms.TypedChoiceField(label="Line", coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self, request, subject):
        lines = subject.lines.order_by("position")
        choices = [(line.position, f"{line.position}: {line}") for line in lines]
        self.fields["position"].choices = choices
        dress(self.fields["position"])
        self.initial.setdefault("version", subject.version)
        if request.GET.get("line"):
            self.initial["position"] = request.GET["line"]


class LineForm(LineChoiceForm):
    """What stays empty stays as it is."""

    sku = forms.CharField(
        label="SKU", max_length=64, required=False, help_text="Empty means: as it is."
    )
    quantity = forms.IntegerField(min_value=1, required=False, help_text="Empty means: as it is.")
    unit_price = _price("One piece; empty means: as it is.")


class NewLineForm(StaffForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    sku = forms.CharField(label="SKU", max_length=64)
    quantity = forms.IntegerField(min_value=1, initial=1)
    unit_price = _price("One piece, in the order's currency.")

    def prepare(self, request, subject):
        self.initial.setdefault("version", subject.version)


class LinesPage(StaffAdmin):
    """Buttons of the order page that change what was ordered."""

    @detail_action(
        permission="orders.change_order", description="Change line", icon="edit", form=LineForm
    )
    def change_line(self, request, order, values):
        version, position = values.pop("version"), values.pop("position")
        changes = {name: value for name, value in values.items() if value not in (None, "")}
        edit_line(order.pk, version, position, changes)
        return f"Line {position} of order {order} is changed."

    @detail_action(
        permission="orders.change_order", description="Add line", icon="add", form=NewLineForm
    )
    def add_line(self, request, order, values):
        version = values.pop("version")
        add_line(order.pk, version, values)
        return f"Order {order} has a new line."

    @detail_action(
        permission="orders.change_order",
        description="Remove line",
        icon="remove",
        form=LineChoiceForm,
    )
    def remove_line(self, request, order, values):
        remove_line(order.pk, values["version"], values["position"])
        return f"Line {values['position']} of order {order} is removed."
