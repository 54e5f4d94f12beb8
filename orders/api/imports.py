"""/imports: a file is sent, read, looked at, applied, and undone if need be."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import Name, StrictSerializer
from core.api.idempotency import idempotent
from core.api.parsers import LimitedMultiPartParser, refuse_size
from core.api.permissions import Access
from core.api.schema import IDEMPOTENCY_KEY, IDEMPOTENCY_REFUSALS, refusals
from core.models import ApiToken
from orders.api.answers import RemarkSerializer
from orders.api.receiving import source_of
from orders.intake.formats import FORMAT_NAMES
from orders.models import ImportMode, ImportSession
from orders.services.imports.failures import failed_rows
from orders.services.imports.sessions import apply_session, open_session, undo_session

IMPORT = Access("imports:write", "orders.import_orders")
_NOT_NOW = {409: "The import cannot do that in the state it is in, or the key is in use."}


class ImportInput(StrictSerializer):
    file = serializers.FileField(
        max_length=255, allow_empty_file=True, help_text="CSV, TSV or XLSX."
    )
    source = Name(  # type: ignore[assignment]  # hides what only serializers inside others have
        max_length=50, required=False, help_text="For signed-in staff, as for an order."
    )
    mode = serializers.ChoiceField(choices=ImportMode.choices, default=ImportMode.CREATE.value)
    format = serializers.ChoiceField(choices=["auto", *FORMAT_NAMES], default="auto")


class ProgressSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer[ImportSession]):
    progress = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField(help_text="How many rows are in each state.")
    remarks = RemarkSerializer(many=True, read_only=True)
    columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    unknown_columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = ImportSession
        fields: ClassVar = [
            "id",
            "file_name",
            "file_bytes",
            "source",
            "mode",
            "format",
            "state",
            "problem",
            "remarks",
            "columns",
            "unknown_columns",
            "progress",
            "counts",
            "created_at",
            "applied_at",
            "undone_at",
            "links",
        ]

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, session: ImportSession) -> dict[str, int]:
        return {"done": session.orders_done, "total": session.orders_total}

    def get_counts(self, session: ImportSession) -> dict[str, int]:
        counted = session.rows.order_by().values_list("state").annotate(rows=Count("pk"))
        return dict(counted)

    def get_links(self, session: ImportSession) -> dict[str, str]:
        own = import_url(session.pk)
        parts = ("rows", "failures", "apply", "undo")
        return {"self": own} | {part: f"{own}/{part}" for part in parts}


class CsvRenderer(BaseRenderer):
    """Lets a client ask for text/csv; a problem is still answered as JSON."""

    media_type = "text/csv"
    format = "csv"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return bytes(JSONRenderer().render(data, "application/json", renderer_context))


def own_sessions(request: Request) -> QuerySet[ImportSession]:
    sessions = ImportSession.objects.all()
    if isinstance(request.auth, ApiToken):
        return sessions.filter(source=source_of(request, None))
    return sessions


def import_url(session_id: int) -> str:
    return reverse("api:import-detail", args=[session_id])


class ImportViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[ImportSession]):
    queryset = ImportSession.objects.all()
    serializer_class = ImportSerializer
    lookup_value_regex = "[0-9]{1,18}"
    filter_backends = ()
    access = dict.fromkeys(("create", "retrieve", "apply", "undo", "failures"), IMPORT)

    def get_queryset(self) -> Any:
        """A client sees the files of its own source; staff see all."""
        return own_sessions(self.request)

    def get_parsers(self) -> Any:
        """Only a new import has a body, and it is a file."""
        return [LimitedMultiPartParser()] if self.is_upload else super().get_parsers()

    @property
    def is_upload(self) -> bool:
        return "pk" not in getattr(self, "kwargs", {})

    @extend_schema(
        request={"multipart/form-data": ImportInput},
        parameters=[IDEMPOTENCY_KEY],
        responses={
            202: OpenApiResponse(ImportSerializer, "Kept; it is read in the background."),
            **refusals(IDEMPOTENCY_REFUSALS),
        },
    )
    @idempotent
    def create(self, request: Request) -> HttpResponseBase:
        """Send a file of orders. Nothing becomes an order before it is applied."""
        values = ImportInput().run_validation(request.data)
        refuse_size(values["file"].size)
        session = open_session(
            values["file"].name,
            values["file"].chunks(),
            source=source_of(request, values.get("source")),
            mode=ImportMode(values["mode"]),
            wanted_format=values["format"],
        )
        return _accepted(session)

    @extend_schema(
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: ImportSerializer, **refusals(IDEMPOTENCY_REFUSALS | _NOT_NOW)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def apply(self, _request: Request, **_kwargs: Any) -> HttpResponseBase:
        """Make orders of the rows that are ready, in the background."""
        session = self.get_object()
        apply_session(session)
        return _accepted(session)

    @extend_schema(
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: ImportSerializer, **refusals(IDEMPOTENCY_REFUSALS | _NOT_NOW)},
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def undo(self, _request: Request, **_kwargs: Any) -> HttpResponseBase:
        """Take back what was applied and has not left the building, in the background."""
        session = self.get_object()
        undo_session(session)
        return _accepted(session)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, renderer_classes=[JSONRenderer, CsvRenderer])
    def failures(self, _request: Request, **_kwargs: Any) -> StreamingHttpResponse:
        """Only the rows that did not get in, with a column that says why."""
        session = self.get_object()
        answer = StreamingHttpResponse(failed_rows(session), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{session.pk}-failures.csv"'
        return answer


def _accepted(session: ImportSession) -> Response:
    answer = Response(ImportSerializer(session).data, status=status.HTTP_202_ACCEPTED)
    answer["Location"] = import_url(session.pk)
    return answer
