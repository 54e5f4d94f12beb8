"""Answers that are no row of a table, as the schema describes them."""

from typing import Any

from rest_framework import serializers

from orders.api.shown import FoundSerializer
from orders.intake.parsed import Severity

SEVERITIES = [severity.value for severity in Severity]


class FieldErrorSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class RowErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # hides a property that nobody asks for here


class BulkResultSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The place in what was sent, from 0.")
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=["created", "unchanged", "failed"])
    id = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    status = serializers.CharField(allow_null=True)
    findings = FoundSerializer(many=True)
    error = RowErrorSerializer(allow_null=True)


class BulkAnswerSerializer(serializers.Serializer[Any]):
    results = BulkResultSerializer(many=True)


class RemarkSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITIES)
    code = serializers.CharField()
    message = serializers.CharField()


class ParsedRecipientSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    company = serializers.CharField()
    address_1 = serializers.CharField()
    address_2 = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()


class ParsedLineSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.CharField()
    unit_price = serializers.CharField()
    title = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)


class ParsedOrderSerializer(serializers.Serializer[Any]):
    """One order as understood; an absent value is the empty text."""

    number = serializers.CharField()
    date = serializers.CharField()
    currency = serializers.CharField()
    shipping_method = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    recipient = ParsedRecipientSerializer()
    lines = ParsedLineSerializer(many=True)
    rows = serializers.ListField(child=serializers.IntegerField())
    wanted_carrier = serializers.CharField()
    wanted_warehouse_state = serializers.CharField()
    notes = serializers.CharField()
    text = serializers.CharField()
    spans = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(child=serializers.IntegerField(min_value=0))
        ),
        help_text="Field to the places [start, end) of the text that it was read from.",
    )
    doubts = serializers.DictField(
        child=serializers.CharField(), help_text="Field to why a person should look at it."
    )


class ParseAnswerSerializer(serializers.Serializer[Any]):
    format = serializers.CharField()
    orders = ParsedOrderSerializer(many=True)
    findings = RemarkSerializer(many=True)
    rejected = serializers.IntegerField(help_text="Rows that became no order.")
