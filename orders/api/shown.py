"""Orders as the API shows them."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from orders.models import Finding, Hold, Order, OrderEvent, OrderLine

MAX_EVENTS = 50


def order_url(order_id: int) -> str:
    return reverse("api:order-detail", args=[order_id])


def _code_of(**more: Any) -> Any:
    return serializers.SlugRelatedField(slug_field="code", read_only=True, **more)


class LineSerializer(serializers.ModelSerializer[OrderLine]):
    product = serializers.SlugRelatedField[Any](
        slug_field="sku", read_only=True, help_text="Null while the SKU is unknown."
    )

    class Meta:
        model = OrderLine
        fields: ClassVar = ["position", "sku", "product", "title", "quantity", "unit_price"]


class FindingSerializer(serializers.ModelSerializer[Finding]):
    line = serializers.IntegerField(
        source="line.position", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Finding
        fields: ClassVar = [
            "code",
            "severity",
            "field",
            "line",
            "message",
            "next_step",
            "details",
            "state",
            "created_at",
        ]


class HoldSerializer(serializers.ModelSerializer[Hold]):
    class Meta:
        model = Hold
        fields: ClassVar = ["type", "reason", "placed_at", "until", "released_at"]


class EventSerializer(serializers.ModelSerializer[OrderEvent]):
    class Meta:
        model = OrderEvent
        fields: ClassVar = [
            "at",
            "kind",
            "from_status",
            "to_status",
            "message",
            "actor_label",
            "correlation_id",
        ]


class OrderSerializer(serializers.ModelSerializer[Order]):
    """One row of a list."""

    url = serializers.SerializerMethodField()
    # As the source wrote them, valid or not; findings say what is wrong with them.
    email = serializers.CharField(read_only=True)
    country = serializers.CharField(read_only=True)
    wanted_carrier = _code_of(allow_null=True)
    wanted_service = _code_of(allow_null=True)
    warehouse = _code_of(allow_null=True)
    service = _code_of(allow_null=True)
    has_errors = serializers.BooleanField(read_only=True)
    on_hold = serializers.BooleanField(read_only=True)

    class Meta:
        model = Order
        fields: ClassVar = [
            "id",
            "url",
            "source",
            "number",
            "status",
            "status_changed_at",
            "version",
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
            "address_verdict",
            "currency",
            "shipping_method",
            "wanted_carrier",
            "wanted_service",
            "wanted_warehouse_state",
            "order_date",
            "promise_date",
            "warehouse",
            "service",
            "platform",
            "has_errors",
            "on_hold",
            "created_at",
            "updated_at",
        ]

    def get_url(self, order: Order) -> str:
        return order_url(order.pk)


class OrderDetailSerializer(OrderSerializer):
    lines = LineSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)
    holds = HoldSerializer(many=True, read_only=True)
    events = serializers.SerializerMethodField(help_text=f"The newest {MAX_EVENTS}.")
    tags = serializers.SlugRelatedField[Any](slug_field="name", many=True, read_only=True)

    class Meta(OrderSerializer.Meta):
        fields: ClassVar = [
            *OrderSerializer.Meta.fields,
            "problem",
            "notes",
            "original_text",
            "lines",
            "findings",
            "holds",
            "tags",
            "events",
        ]

    def get_events(self, order: Order) -> list[dict[str, Any]]:
        newest = order.events.order_by("-at", "-id")[:MAX_EVENTS]
        return list(EventSerializer(newest, many=True).data)


class FoundSerializer(serializers.Serializer[Any]):
    """A finding in short."""

    code = serializers.CharField()
    severity = serializers.CharField()
    field = serializers.CharField()
    line = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()
    next_step = serializers.CharField()
