"""What staff choose when they override a route."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms

from core.errors import DomainError
from core.staff.forms import StaffForm
from routing.admin.decision_view import route_of
from routing.admin.looks import NOTHING, signed
from routing.admin.refusals import shut_places
from routing.models import OverrideReason
from routing.result import Candidate, Decision
from routing.sentences import gate_sentence, money
from routing.services.names import Names
from routing.services.weigh import options
from warehouses.models import CarrierService, Warehouse

SHOWN = 8
"""Ways shown at once; the others are a click away."""


@dataclass(frozen=True, slots=True)
class Option:
    """One warehouse × service a person may choose; `remarks` say what its choice sets aside."""

    value: str
    warehouse: str
    service: str
    price: str
    arrives_on: date | None
    days: int | None
    extra: str
    is_recommended: bool
    is_picked: bool
    remarks: list[str]

    @property
    def is_needed(self) -> bool:
        """Shown at once, wherever it stands."""
        return self.is_recommended or self.is_picked


class OverrideForm(StaffForm):
    """The choice is one field, as in RNO1/ups-ground; the page shows it as a table."""

    choice = forms.ChoiceField(
        error_messages={
            "required": "Choose a warehouse and service.",
            "invalid_choice": "That warehouse and service do not exist any more. Choose another.",
        },
        widget=forms.HiddenInput,
    )
    reason = forms.ChoiceField(choices=[("", "Choose …"), *OverrideReason.choices])
    text = forms.CharField(
        label="In your words", max_length=250, help_text="Kept in the history and with the pin."
    )

    def prepare(self, request, subject):
        self.options, self.more, self.shut, self.problems = [], [], [], []
        self.recommended, self.refusal = "", ""
        try:
            found = options(subject)
        except DomainError as error:
            self.refusal = str(error)
            return
        picked = self.data.get("choice") or _value(found.recommended.chosen)
        names = Names.load()
        self.recommended = _told(found.recommended.chosen, names)
        ways = list(_options(found.recommended, found.possible, picked, names))
        first = [one for place, one in enumerate(ways) if place < SHOWN or one.is_needed]
        self.options, self.more = first, [one for one in ways if one not in first]
        self.shut = shut_places(found.possible.candidates, names)
        self.problems = [
            (names.said(problem.sentence), names.said(problem.next_step))
            for problem in found.possible.problems
            if problem.is_blocking or not ways
        ]
        # Those that failed can be sent too: the service itself says why it refuses them.
        whole = [one for one in found.possible.candidates if not one.is_split]
        self.fields["choice"].choices = [(_value(one), _value(one)) for one in whole]

    def clean(self):
        """Warehouse and service as the service wants them."""
        values = super().clean() or {}
        place, _slash, service = values.pop("choice", "").partition("/")
        if place and not self.errors:
            values["warehouse"] = Warehouse.objects.filter(code=place).first()
            values["service"] = CarrierService.objects.filter(code=service).first()
            values["reason"] = OverrideReason(values["reason"])
            if not (values["warehouse"] and values["service"]):
                self.add_error("choice", "That warehouse and service do not exist any more.")
        return values


def _options(
    recommended: Decision, possible: Decision, picked: str, names: Names
) -> Iterator[Option]:
    best = recommended.chosen
    shut = {_value(one): one for one in recommended.candidates if one.failed_gates}
    for one in possible.candidates:
        if not one.is_eligible or one.is_split:
            continue
        value = _value(one)
        against = shut.get(value)
        yield Option(
            value=value,
            warehouse=one.warehouse,
            service=names.said(one.service),
            price=money(one.cents, one.currency),
            arrives_on=one.arrives_on,
            days=one.estimate.days if one.estimate else None,
            extra=_extra(one, best),
            is_recommended=best is not None and value == _value(best),
            is_picked=value == picked,
            remarks=[names.said(gate_sentence(against, gate)) for gate in against.failed_gates]
            if against
            else [],
        )


def _value(candidate: Candidate | None) -> str:
    return f"{candidate.warehouse}/{candidate.service}" if candidate else ""


def _told(candidate: Candidate | None, names: Names) -> str:
    if candidate is None:
        return ""
    return f"{route_of(candidate, names)}, {money(candidate.cents, candidate.currency)}"


def _extra(candidate: Candidate, best: Candidate | None) -> str:
    if best is None or candidate.cents is None or best.cents is None:
        return NOTHING
    if candidate.currency != best.currency:
        return NOTHING
    return signed(candidate.cents - best.cents, candidate.currency)
