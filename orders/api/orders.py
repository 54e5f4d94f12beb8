"""/orders: created one by one or in bulk, listed, read, changed; a paste understood."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from core.api.pagination import NewestCreatedPagination
from core.api.permissions import Access
from core.api.preconditions import VersionDiffers, etag_of, require_match
from core.api.refusals import ApiRefusal, TooLarge
from core.api.schema import IDEMPOTENCY_KEY, IDEMPOTENCY_REFUSALS, refusals
from orders.api.answers import BulkAnswerSerializer, ParseAnswerSerializer
from orders.api.filters import OrderFilter, refuse_unknown
from orders.api.given import (
    MAX_TEXT,
    BulkSchema,
    NewOrderWithSourceInput,
    OrderChangesInput,
    PasteInput,
    received_of,
)
from orders.api.receiving import record_many, record_one, source_of
from orders.api.shown import OrderDetailSerializer, OrderSerializer, order_url
from orders.attention import open_errors, open_holds
from orders.errors import ChangedMeanwhile, NotValid
from orders.intake.neutral import answer_of_all
from orders.models import Order
from orders.services import edit_order
from orders.services.intake.paste import parse

_READ = Access("orders:read", "orders.view_order")
_RECEIVE = Access("orders:write", "orders.import_orders")
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that you read."
)


class OrderViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Order]
):
    queryset = Order.objects.select_related(
        "wanted_carrier", "wanted_service", "warehouse", "service"
    )
    serializer_class = OrderSerializer
    pagination_class = NewestCreatedPagination
    filterset_class = OrderFilter
    lookup_value_regex = "[0-9]{1,18}"
    access = {
        "list": _READ,
        "retrieve": _READ,
        "create": _RECEIVE,
        "bulk": _RECEIVE,
        "parse": _RECEIVE,
        "partial_update": Access("orders:write", "orders.change_order"),
    }

    def get_queryset(self) -> Any:
        orders = super().get_queryset().annotate(has_errors=open_errors(), on_hold=open_holds())
        if self.action == "list":
            return orders.defer("original_text", "notes")
        return orders.prefetch_related("lines__product", "findings__line", "holds", "tags")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Orders, newest first."""
        refuse_unknown(request, OrderFilter.base_filters)
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=OrderDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One order with its lines, findings, holds and the newest of its history."""
        return _shown(self.get_object())

    @extend_schema(
        request=NewOrderWithSourceInput,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(OrderDetailSerializer, "Recorded; its findings are in it."),
            **refusals(
                IDEMPOTENCY_REFUSALS
                | {409: "The number exists (see “existing”), or the Idempotency-Key is in use."}
            ),
        },
    )
    @idempotent
    def create(self, request: Request) -> HttpResponseBase:
        """Record a new order. One that needs a person is recorded too, with findings."""
        sent: Any = request.data
        given = NewOrderWithSourceInput().run_validation(sent)
        order = record_one(received_of(given, sent), source_of(request, given.get("source")))
        answer = _shown(self.get_queryset().get(pk=order.pk), status.HTTP_201_CREATED)
        answer["Location"] = order_url(order.pk)
        return answer

    @extend_schema(
        request=BulkSchema,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: BulkAnswerSerializer, **refusals(IDEMPOTENCY_REFUSALS)},
    )
    @action(detail=False, methods=["post"])
    @idempotent
    def bulk(self, request: Request) -> HttpResponseBase:
        """Record up to 1,000 orders; each has a result of its own."""
        return Response({"results": record_many(request)})

    @extend_schema(request=PasteInput, responses={200: ParseAnswerSerializer})
    @action(detail=False, methods=["post"])
    def parse(self, request: Request) -> Response:
        """Say what would be understood of a text. Writes nothing."""
        text = request.data.get("text") if isinstance(request.data, dict) else None
        if isinstance(text, str) and len(text) > MAX_TEXT:
            raise TooLarge(f"The text is longer than {MAX_TEXT:,} characters. Send it in parts.")
        given = PasteInput(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(answer_of_all(parse(given.validated_data["text"])))

    @extend_schema(
        request=OrderChangesInput,
        parameters=[_IF_MATCH],
        responses={
            200: OrderDetailSerializer,
            **refusals(
                {
                    409: "The order is too far along to be changed.",
                    412: "It was changed since you read it.",
                    422: "A value does not fit its field.",
                    428: "If-Match is missing.",
                }
            ),
        },
    )
    def partial_update(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Change what is given and leave the rest; checks run again."""
        order = self.get_object()
        require_match(request, order.version)
        given = OrderChangesInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        _change(order, given.validated_data)
        return _shown(self.get_object())


def _change(order: Order, changes: dict[str, Any]) -> None:
    try:
        edit_order(order.pk, order.version, changes)
    except ChangedMeanwhile as error:
        raise VersionDiffers(order.version + 1) from error
    except NotValid as error:
        raise ApiRefusal(
            str(error),
            code=error.code,
            status_code=status.HTTP_422_UNPROCESSABLE_ENTITY,
            errors=[
                {"field": field, "code": "invalid", "message": " ".join(said)}
                for field, said in error.problems.items()
            ],
        ) from error


def _shown(order: Order, status_code: int = status.HTTP_200_OK) -> Response:
    answer = Response(OrderDetailSerializer(order).data, status=status_code)
    answer["ETag"] = etag_of(order.version)
    return answer
