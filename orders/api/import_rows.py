"""/imports/{id}/rows: what became of each row of a file."""

from typing import Any, ClassVar

import django_filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import ByPositionPagination
from orders.api.answers import RemarkSerializer
from orders.api.filters import refuse_unknown
from orders.api.imports import IMPORT, own_sessions
from orders.api.shown import order_url
from orders.models import ImportRow, RowState


class ImportRowSerializer(serializers.ModelSerializer[ImportRow]):
    rows = serializers.ListField(
        source="file_rows",
        child=serializers.IntegerField(),
        read_only=True,
        help_text="Rows of the file, as a spreadsheet numbers them.",
    )
    remarks = serializers.SerializerMethodField()
    order = serializers.SerializerMethodField(help_text="The address of the order.")

    class Meta:
        model = ImportRow
        fields: ClassVar = ["position", "number", "state", "problem", "rows", "remarks", "order"]

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, row: ImportRow) -> list[dict[str, Any]]:
        names = ("row", "field", "severity", "code", "message")
        return [{name: remark[name] for name in names} for remark in row.remarks]

    def get_order(self, row: ImportRow) -> str | None:
        return order_url(row.order_id) if row.order_id else None


class ImportRowFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        choices=RowState, help_text="May be given several times."
    )

    class Meta:
        model = ImportRow
        fields: list[str] = []


class ImportRowViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ImportRow]):
    queryset = ImportRow.objects.defer("cells", "parsed", "before")
    serializer_class = ImportRowSerializer
    pagination_class = ByPositionPagination
    filterset_class = ImportRowFilter
    access: ClassVar = {"list": IMPORT}

    def get_queryset(self) -> Any:
        session = get_object_or_404(own_sessions(self.request), pk=self.kwargs["session"])
        return super().get_queryset().filter(session=session)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The rows of the file, in its order."""
        refuse_unknown(request, ImportRowFilter.base_filters)
        return super().list(request, *args, **kwargs)
