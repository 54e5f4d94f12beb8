"""What clients send is taken as it stands: a wrong type or an unknown key is told, not guessed."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MONEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)
_SHOWN_KEYS = 10
_SHOWN_LENGTH = 60


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses keys that it has no field for, each by its name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, data: Mapping[str, Any]) -> None:
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [str(key)[:_SHOWN_LENGTH] for key in data if key not in known]
        if unknown:
            there_are = f"There are: {', '.join(known)}." if known else "None is taken."
            sentence = f"There is no such field here. {there_are}"
            raise serializers.ValidationError(dict.fromkeys(unknown[:_SHOWN_KEYS], sentence))


class Text(serializers.CharField):
    """A JSON string; numbers are not turned into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Name(Text):
    """A text on one line, as a number or SKU is."""

    default_error_messages = {"control": "Leave out control characters, such as line breaks."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if _CONTROL.search(text):
            self.fail("control")
        return text


class Code(Name):
    """Letters that are the same in either case, kept in upper case; as in US or USD."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction; text and true are none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$"},
            {"type": "number", "minimum": 0, "maximum": 9_999_999_999.99},
        ],
        "nullable": True,
    }
)
class Money(serializers.Field[Decimal, Any, str, Any]):
    """An amount with at most two places, as text ("12.50") or as a number."""

    default_error_messages = {
        "invalid": "Write an amount of at most 10 digits and 2 places, as in 12.50."
    }

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("invalid")
        text = str(data)
        if not _MONEY.fullmatch(text):
            self.fail("invalid")
        return Decimal(text)

    def to_representation(self, value: Decimal) -> str:
        return str(value)


class KnownCode(serializers.SlugRelatedField[Any]):
    """A row named by its code. PostgreSQL cannot even look for a NUL."""

    def __init__(self, **options: Any):
        super().__init__(slug_field="code", **options)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false; words and numbers are neither."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class NothingInput(StrictSerializer):
    """No field; an empty body will do."""


class ReasonInput(StrictSerializer):
    reason = Text(max_length=300, help_text="Kept in the history.")
