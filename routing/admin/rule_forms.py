"""The form of one rule: its name and place, and its conditions and outcomes as rows of choices."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from core.staff.forms import StaffForm
from routing.conditions import FIELDS, OPERATORS
from routing.models import Rule, RuleCondition, RuleOutcome
from routing.rules import ACTIONS, PREFER, SET_WEIGHTS, TARGETS, Condition, Outcome
from routing.rules import Rule as PlainRule
from routing.services.rules import listed, weights_of
from routing.services.vocabulary import Vocabulary

BLANK_ROWS = 2
MOST_ROWS = 60
BLANK = ("", "–")


class RuleForm(StaffForm):
    name = forms.CharField(
        max_length=Rule._meta.get_field("name").max_length,
        help_text="What staff will recognise it by.",
    )
    position = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="Lower is read first. Empty: after all others.",
    )
    stop = forms.ChoiceField(
        label="Afterwards",
        choices=[("", "Go on with the next rule"), ("1", "Stop here")],
        required=False,
        help_text="Stop only where no later rule may add anything.",
    )
    is_active = forms.BooleanField(
        label="Active", required=False, initial=True, help_text="Switched off, it is left out."
    )


class _Row(forms.Form):
    """One row; what is wrong with it is said beside it."""

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.words = words
        for field in self.fields.values():
            field.widget.attrs |= {"class": "rt-input", "autocomplete": "off"}

    def say(self, faults: Iterable[str]) -> None:
        for fault in faults:
            self.add_error(None, fault)


class ConditionForm(_Row):
    field = forms.ChoiceField(
        label="What",
        choices=[BLANK, *((one.name, one.label) for one in FIELDS.values())],
        required=False,
    )
    operator = forms.ChoiceField(label="How", choices=[BLANK, *OPERATORS.items()], required=False)
    values = forms.CharField(
        label="Values",
        max_length=RuleCondition._meta.get_field("values").max_length,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Several with commas"}),
    )
    currency = forms.CharField(
        label="Currency",
        max_length=3,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "USD"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self._is_left_out():
            self.say(self.words.condition_faults(self.condition()))
        return cleaned

    def _is_left_out(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("field", "operator", "values"))

    def condition(self) -> Condition:
        found = self.cleaned_data
        is_money = found["field"] == "value"
        return Condition(
            field=found["field"],
            operator=found["operator"],
            values=listed(found["values"]),
            currency=found["currency"].strip().upper() if is_money else "",
        )


class OutcomeForm(_Row):
    action = forms.ChoiceField(label="Do", choices=[BLANK, *ACTIONS.items()], required=False)
    target = forms.ChoiceField(
        label="Which",
        choices=[BLANK, *((name, name.capitalize()) for name in TARGETS)],
        required=False,
    )
    codes = forms.CharField(
        label="Codes",
        max_length=RuleOutcome._meta.get_field("codes").max_length,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Several with commas"}),
    )
    percent = forms.IntegerField(label="Strength %", required=False, initial=100)
    text = forms.CharField(
        label="Reason",
        max_length=RuleOutcome._meta.get_field("text").max_length,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "For a hold or review"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self._is_left_out():
            self.say(self.words.outcome_faults(self.outcome()))
        return cleaned

    def _is_left_out(self) -> bool:
        return not any(
            self.cleaned_data.get(name) for name in ("action", "target", "codes", "text")
        )

    def outcome(self) -> Outcome:
        """Only what belongs to the action; the rest may be left over from another choice."""
        found = self.cleaned_data
        action, codes = found["action"], listed(found["codes"])
        percent = found["percent"]
        return Outcome(
            action=action,
            target=found["target"] if action in ("require", "prefer", "forbid") else "",
            codes=() if action in (SET_WEIGHTS, "hold", "review") else codes,
            percent=percent if action == PREFER and percent is not None else 100,
            weights=weights_of(found["codes"]) if action == SET_WEIGHTS else {},
            text=found["text"].strip() if action in ("hold", "review") else "",
        )


class _Rows(forms.BaseFormSet):
    """Empty rows and rows marked for removal are not there."""

    def filled(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if not form.cleaned_data.get("DELETE") and not form._is_left_out()
        ]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove"


def _rows_of(form: type[_Row]) -> Any:
    return forms.formset_factory(
        form, formset=_Rows, extra=BLANK_ROWS, can_delete=True, max_num=MOST_ROWS
    )


ConditionRows, OutcomeRows = _rows_of(ConditionForm), _rows_of(OutcomeForm)


class RuleForms:
    """The three forms of a rule's page as one."""

    def __init__(self, posted: Any, words: Vocabulary, rule: PlainRule | None = None):
        first = {"name": rule.name, "position": rule.position or None} if rule else {}
        if rule:
            first |= {"stop": "1" if rule.stop else "", "is_active": rule.is_active}
        self.words = words
        kwargs: dict[str, Any] = {"form_kwargs": {"words": words}}
        self.rule = RuleForm(posted, initial=first)
        self.conditions = ConditionRows(
            posted,
            prefix="conditions",
            initial=[_condition(one) for one in rule.conditions] if rule else [],
            **kwargs,
        )
        self.outcomes = OutcomeRows(
            posted,
            prefix="outcomes",
            initial=[_outcome(one) for one in rule.outcomes] if rule else [],
            **kwargs,
        )

    def is_valid(self) -> bool:
        return all([self.rule.is_valid(), self.conditions.is_valid(), self.outcomes.is_valid()])

    @property
    def has_errors(self) -> bool:
        rows: Sequence[Any] = [*self.conditions.forms, *self.outcomes.forms]
        return bool(self.rule.errors or any(row.errors for row in rows))

    def plain(self) -> PlainRule:
        """The rule as it was filled in; position 0 means after all others."""
        found = self.rule.cleaned_data
        return PlainRule(
            position=found["position"] or 0,
            name=found["name"].strip(),
            conditions=tuple(row.condition() for row in self.conditions.filled()),
            outcomes=tuple(row.outcome() for row in self.outcomes.filled()),
            stop=bool(found["stop"]),
            is_active=found["is_active"],
        )


def _condition(one: Condition) -> dict[str, Any]:
    return {
        "field": one.field,
        "operator": one.operator,
        "values": ", ".join(one.values),
        "currency": one.currency,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    weights = ", ".join(f"{name} {weight}" for name, weight in one.weights.items())
    return {
        "action": one.action,
        "target": one.target,
        "codes": weights or ", ".join(one.codes),
        "percent": one.percent,
        "text": one.text,
    }
