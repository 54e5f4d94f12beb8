"""/dispatches: the queue to the platforms, and what it waits for."""

from typing import Any

import django_filters
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import NewestFirstPagination
from core.api.permissions import Access
from integrations.api.shown import DispatchSerializer
from integrations.models import Dispatch, DispatchKind, DispatchState
from orders.api.filters import refuse_unknown
from warehouses.models import Platform

_READ = Access("dispatch:read", "integrations.view_dispatch")
_LARGEST_ID = 2**63 - 1


class DispatchFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=DispatchState, help_text="May be given several times."
    )
    platform = django_filters.ChoiceFilter(choices=Platform)
    kind = django_filters.ChoiceFilter(choices=DispatchKind)
    order = django_filters.NumberFilter(
        field_name="order_id",
        decimal_places=0,
        min_value=1,
        max_value=_LARGEST_ID,
        help_text="The order's id.",
    )
    error_code = django_filters.CharFilter(max_length=40, help_text="As in unmapped_service.")

    class Meta:
        model = Dispatch
        fields: list[str] = []


class DispatchViewSet(viewsets.ReadOnlyModelViewSet[Dispatch]):
    """Promises to platforms."""

    queryset = Dispatch.objects.select_related("order")
    serializer_class = DispatchSerializer
    pagination_class = NewestFirstPagination
    filterset_class = DispatchFilter
    lookup_value_regex = "[0-9]{1,18}"
    access = {"list": _READ, "retrieve": _READ}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Dispatches, newest first."""
        refuse_unknown(request, DispatchFilter.base_filters)
        return super().list(request, *args, **kwargs)
