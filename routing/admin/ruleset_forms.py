"""What staff type about a ruleset as a whole."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from core.staff.forms import StaffForm
from routing.models import Ruleset
from routing.services.lifecycle import is_simulated

WEIGHTS = [field.name for field in Ruleset._meta.fields if field.name.startswith("weight_")]
CONFIDENCE = [field.name for field in Ruleset._meta.fields if field.name.startswith("confidence_")]
LIMITS = [
    "threshold",
    "full_margin_percent",
    "fresh_stock_days",
    "stale_stock_days",
    "state_preferences",
    "max_parcels",
    "smallest_part_units",
    "price_margin_percent",
]


_LABELS = {
    "full_margin_percent": "Full lead, %",
    "fresh_stock_days": "Fresh stock, days",
    "stale_stock_days": "Stale stock, days",
    "max_parcels": "Most parcels",
    "smallest_part_units": "Smallest part, units",
    "price_margin_percent": "Price margin, %",
    "confidence_margin": "Lead",
}


class FiguresForm(forms.ModelForm):
    """Carries the version it was opened at, so that a stale edit is refused."""

    class Meta:
        model = Ruleset
        fields = ["name", "note", *WEIGHTS, *CONFIDENCE, *LIMITS, "version"]
        widgets = {
            "version": forms.HiddenInput,
            "note": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = label_of(name)

    def clean_state_preferences(self) -> str:
        states = [
            part.strip().upper() for part in self.cleaned_data["state_preferences"].split(",")
        ]
        for state in filter(None, states):
            if len(state) != 2 or not state.isalpha():
                raise forms.ValidationError(f"“{state}” is no state; write two letters as in NV.")
        return ", ".join(filter(None, states))


def label_of(name: str) -> str:
    """Within its own group a weight needs no “weight” before its name."""
    if name in _LABELS:
        return _LABELS[name]
    for prefix in ("weight_", "confidence_"):
        name = name.removeprefix(prefix)
    return name.replace("_", " ").capitalize()


class CopyForm(StaffForm):
    name = forms.CharField(max_length=100, help_text="What the draft will be about.")


class PublishForm(StaffForm):
    at = forms.DateTimeField(
        label="In force from",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )
    anyway = forms.BooleanField(
        label="Publish all the same",
        required=False,
        help_text="Without having seen what it would have changed.",
    )

    def prepare(self, request: HttpRequest, subject: Any) -> None:
        """The second question is asked only after the first answer."""
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = f"Empty: at once. Otherwise a time to come, in {zone}."
        was_refused = request.method == "POST" and subject.is_draft and not is_simulated(subject)
        if not was_refused:
            del self.fields["anyway"]


class SimulateForm(StaffForm):
    days = forms.IntegerField(
        min_value=1,
        max_value=366,
        initial=14,
        help_text="Each order's latest decision of so many days is made again, with its own stock.",
    )
