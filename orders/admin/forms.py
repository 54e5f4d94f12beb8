"""What staff type about an order."""

from django import forms

from core.staff.forms import StaffForm
from orders.models import HoldType, Order, Tag


class OrderForm(forms.ModelForm):
    """Carries the version it was opened at, so that a stale edit is refused."""

    class Meta:
        model = Order
        fields = [
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
            "wanted_service",
            "promise_date",
            "notes",
            "version",
        ]
        widgets = {"version": forms.HiddenInput}


class HoldForm(StaffForm):
    type = forms.ChoiceField(choices=HoldType.choices)
    reason = forms.CharField(max_length=300)
    until = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Ends by itself at the start of that day; empty means until released.",
    )


class NoteForm(StaffForm):
    note = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class TagForm(StaffForm):
    tag = forms.ModelChoiceField(Tag.objects.all(), to_field_name="name")
