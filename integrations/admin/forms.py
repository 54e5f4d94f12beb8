"""What staff type about platforms."""

from django import forms

from core.staff.forms import ReasonForm
from integrations.models import RemoteId


class CancelForm(ReasonForm):
    cancels_order = forms.BooleanField(
        required=False,
        label="Cancel the order, too",
        help_text="Otherwise it is ready to be routed and sent again.",
    )


class MappingForm(forms.ModelForm):
    class Meta:
        model = RemoteId
        fields = ["platform", "kind", "ours", "theirs", "their_name"]
