"""Forms of staff actions, in the admin's own look."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDateWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

_LOOKS: dict[type[forms.Widget], Any] = {
    forms.TextInput: UnfoldAdminTextInputWidget,
    forms.NumberInput: UnfoldAdminIntegerFieldWidget,
    forms.EmailInput: UnfoldAdminEmailInputWidget,
    forms.Textarea: UnfoldAdminTextareaWidget,
    forms.CheckboxInput: UnfoldBooleanSwitchWidget,
    forms.DateInput: UnfoldAdminDateWidget,
    forms.ClearableFileInput: UnfoldAdminFileFieldWidget,
}

_CHOICE_LOOKS: dict[type[forms.Widget], Any] = {
    forms.Select: UnfoldAdminSelectWidget,
    forms.CheckboxSelectMultiple: UnfoldAdminCheckboxSelectMultipleWidget,
}


class StaffForm(forms.Form):
    """Plain fields, dressed when the form is made."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def prepare(self, request: HttpRequest, subject: Any) -> None:
        """Fit choices and first values to what the action is about; by default nothing."""


def dress(field: forms.Field) -> None:
    """Give a plain field the widget of the admin's look, keeping its choices and attributes."""
    kept = {k: v for k, v in field.widget.attrs.items() if k != "class"}
    if look := _CHOICE_LOOKS.get(type(field.widget)):
        choices = field.widget.choices
        field.widget = look(attrs=kept)
        field.widget.choices = choices
    elif look := _LOOKS.get(type(field.widget)):
        field.widget = look(attrs=kept)
        field.widget.is_required = field.required


class ReasonForm(StaffForm):
    """Asks why."""

    reason = forms.CharField(max_length=300, help_text="Kept in the history.")
