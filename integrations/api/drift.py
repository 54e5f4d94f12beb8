"""GET /drift: where platforms and we disagree."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import NewestFirstPagination
from core.api.permissions import Access
from integrations.models import DriftFinding, DriftKind
from orders.api.filters import refuse_unknown
from orders.api.shown import order_url
from warehouses.models import Platform

_STATES = [
    ("open", "Open"),
    ("ignored", "Ignored for now"),
    ("settling", "Being settled"),
    ("resolved", "Settled"),
]


class DriftOrderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    url = serializers.CharField()


class DriftSerializer(serializers.ModelSerializer[DriftFinding]):
    """One field with both values."""

    state = serializers.ChoiceField(source="shown_state", choices=_STATES, read_only=True)
    order = serializers.SerializerMethodField(help_text="Null when it is nothing of ours.")
    shipment = serializers.CharField(
        source="shipment.reference",
        default=None,
        read_only=True,
        allow_null=True,
        help_text="Our reference of the shipment.",
    )
    age_seconds = serializers.SerializerMethodField(help_text="Since it was first seen.")
    settled = serializers.CharField(read_only=True, help_text="agreed, adopted or pushed.")

    class Meta:
        model = DriftFinding
        fields: ClassVar = [
            "id",
            "platform",
            "kind",
            "field",
            "state",
            "order",
            "shipment",
            "reference",
            "remote_id",
            "ours",
            "theirs",
            "first_seen_at",
            "last_seen_at",
            "age_seconds",
            "ignored_until",
            "reason",
            "error",
            "settled",
            "settled_at",
        ]

    @extend_schema_field(DriftOrderSerializer(allow_null=True))
    def get_order(self, finding: DriftFinding) -> dict[str, Any] | None:
        if finding.order is None:
            return None
        order = finding.order
        return {"id": order.pk, "number": order.number, "url": order_url(order.pk)}

    def get_age_seconds(self, finding: DriftFinding) -> int:
        end = finding.settled_at or timezone.now()
        return round((end - finding.first_seen_at).total_seconds())


class DriftFilter(django_filters.FilterSet):
    platform = django_filters.ChoiceFilter(choices=Platform.choices)
    kind = django_filters.MultipleChoiceFilter(
        choices=DriftKind.choices, help_text="May be given several times."
    )
    state = django_filters.MultipleChoiceFilter(
        choices=_STATES, field_name="shown_state", help_text="May be given several times."
    )
    order = django_filters.NumberFilter(
        field_name="order_id",
        min_value=1,
        max_value=2**63 - 1,
        decimal_places=0,
        help_text="The order's id.",
    )
    reference = django_filters.CharFilter(max_length=100, help_text="The whole reference.")

    class Meta:
        model = DriftFinding
        fields: list[str] = []


class DriftViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[DriftFinding]):
    queryset = DriftFinding.objects.select_related("order", "shipment")
    serializer_class = DriftSerializer
    pagination_class = NewestFirstPagination
    filterset_class = DriftFilter
    access = {"list": Access("dispatch:read", "integrations.view_driftfinding")}

    def get_queryset(self) -> QuerySet[DriftFinding]:
        return super().get_queryset().with_shown_state(timezone.now())  # type: ignore[attr-defined]  # DRF knows no queryset of ours

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Findings, newest first: all of them unless a state is asked for."""
        refuse_unknown(request, DriftFilter.base_filters)
        return super().list(request, *args, **kwargs)
