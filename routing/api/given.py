"""What programs send to routing."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.fields import KnownCode, Name, StrictSerializer, Text, WholeNumber
from core.api.refusals import ApiRefusal
from orders.api.given import NewOrderInput, received_of
from orders.checks import Found
from orders.models import Order
from orders.services.intake.record import judge_orders
from routing.models import OverrideReason
from routing.result import Decision
from routing.services.weigh import weigh, weigh_unsaved
from warehouses.models import CarrierService, Warehouse

UNNUMBERED = "preview"


class OverrideInput(StrictSerializer):
    warehouse = KnownCode(queryset=Warehouse.objects.all())
    service = KnownCode(queryset=CarrierService.objects.all())
    reason = serializers.ChoiceField(choices=OverrideReason.choices)
    text = Text(max_length=250, help_text="In your words; kept in the history and with the pin.")


class PreviewInput(NewOrderInput):
    """Either `order_id` alone, or an order in the words of POST /orders, even without a number."""

    order_id = WholeNumber(required=False, min_value=1, max_value=2**63 - 1)
    number = Name(max_length=64, required=False, default=UNNUMBERED)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and "order_id" in data and len(data) > 1:
            sentence = "Send either “order_id” alone, or an order without it."
            raise serializers.ValidationError({"order_id": sentence})
        return super().to_internal_value(data)


def previewed(given: Mapping[str, Any], sent: Any) -> tuple[Decision, tuple[Found, ...]]:
    """The decision and, of an order sent along, what its checks found. Raises ApiRefusal."""
    if "order_id" not in given:
        return _previewed_unsaved(given, sent)
    order = Order.objects.filter(pk=given["order_id"]).first()
    if order is None:
        raise ApiRefusal(
            f"There is no order with the id {given['order_id']}. Check the id.",
            code="order_not_found",
            status_code=422,
        )
    return weigh(order), ()


def _previewed_unsaved(
    given: Mapping[str, Any], sent: Mapping[str, Any]
) -> tuple[Decision, tuple[Found, ...]]:
    ((outcome, candidate),) = judge_orders([received_of(given, sent)], source=UNNUMBERED)
    if candidate.refusals:
        raise ApiRefusal(" ".join(candidate.refusals), code="not_previewed", status_code=422)
    return weigh_unsaved(candidate.order, candidate.lines), outcome.found
