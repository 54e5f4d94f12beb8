"""/orders/{id}/route and its neighbours, /routing/preview, /rulesets."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import NothingInput, ReasonInput
from core.api.idempotency import idempotent
from core.api.pagination import NewestFirstPagination
from core.api.permissions import Access
from core.api.refusals import ApiRefusal
from core.api.schema import IDEMPOTENCY_KEY, IDEMPOTENCY_REFUSALS, refusals
from orders.models import Order
from routing.api.given import OverrideInput, PreviewInput, previewed
from routing.api.shown import (
    PreviewSerializer,
    RoutedSerializer,
    RulesetDetailSerializer,
    RulesetSerializer,
    StoredDecisionSerializer,
    body_of,
    routed_body,
    stored_body,
)
from routing.codec import UnreadableDocument
from routing.errors import NotReplayed
from routing.models import RoutingDecision, Ruleset
from routing.result import Decision
from routing.services.changes import override_route, unroute_order
from routing.services.replay import decision_of
from routing.services.route import Routed, route_order

_READ = Access("routing:read", "routing.view_routingdecision")
_ROUTE = Access("routing:write", "orders.route_order")
_REFUSED: dict[int, str] = IDEMPOTENCY_REFUSALS | {
    409: "The order may not be routed now, nothing is in force, or the Idempotency-Key is in use."
}
_ANSWER: dict[Any, Any] = {200: RoutedSerializer, **refusals(_REFUSED)}


class OrderRouteViewSet(viewsets.GenericViewSet[Order]):
    """What may be done about one order's route."""

    queryset = Order.objects.all()
    serializer_class = RoutedSerializer
    pagination_class = None
    access = {
        "route": _ROUTE,
        "override": Access("routing:write", "orders.override_route"),
        "unroute": _ROUTE,
        "decision": _READ,
    }

    @extend_schema(request=NothingInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def route(self, request: Request, pk: str) -> HttpResponseBase:
        """Decide, reserve stock and store why; a doubtful order goes to review instead."""
        NothingInput(data=request.data or {}).is_valid(raise_exception=True)
        order = self.get_object()
        return _answer(order, route_order(order.pk))

    @extend_schema(request=OverrideInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def override(self, request: Request, pk: str) -> HttpResponseBase:
        """Route it by this warehouse and service; the choice is pinned."""
        given = OverrideInput(data=request.data)
        given.is_valid(raise_exception=True)
        order = self.get_object()
        return _answer(order, override_route(order, **given.validated_data))

    @extend_schema(request=ReasonInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def unroute(self, request: Request, pk: str) -> HttpResponseBase:
        """Back to ready; its stock is free again."""
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        order = self.get_object()
        unroute_order(order, given.validated_data["reason"])
        order.refresh_from_db()
        said = f"Order {order.number} has no route any more; its stock is free."
        return Response(RoutedSerializer(routed_body(order, "unrouted", said, None)).data)

    @extend_schema(
        responses={
            200: StoredDecisionSerializer,
            **refusals({404: "There is no such order, or it has no decision in force."}),
        }
    )
    def decision(self, request: Request, pk: str) -> Response:
        """The decision in force, with every candidate and its reasons."""
        order = self.get_object()
        stored = RoutingDecision.objects.filter(order=order, is_current=True).first()
        if stored is None:
            raise ApiRefusal(
                f"Order {order.number} has no decision in force. Route it first.",
                code="no_decision",
                status_code=404,
            )
        return Response(StoredDecisionSerializer(stored_body(stored, _read(stored))).data)


class RoutingViewSet(viewsets.GenericViewSet[RoutingDecision]):
    queryset = RoutingDecision.objects.none()
    serializer_class = PreviewSerializer
    pagination_class = None
    access = {"preview": _READ}

    @extend_schema(
        request=PreviewInput,
        responses={
            200: OpenApiResponse(PreviewSerializer, "What would be decided now."),
            **refusals({409: "No ruleset is in force.", 422: "There is no such order."}),
        },
    )
    def preview(self, request: Request) -> Response:
        """Decide without storing: an order that is there, or one that is sent along."""
        given = PreviewInput(data=request.data)
        given.is_valid(raise_exception=True)
        decision, found = previewed(given.validated_data, request.data)
        findings = [
            {
                "code": one.code,
                "severity": one.severity,
                "field": one.field,
                "line": one.line_position,
                "message": one.message,
                "next_step": one.next_step,
            }
            for one in found
        ]
        body = {"decision": body_of(decision), "findings": findings}
        return Response(PreviewSerializer(body).data)


class RulesetViewSet(viewsets.ReadOnlyModelViewSet[Ruleset]):
    """Rulesets, newest first; one at most is published, and that one decides."""

    queryset = Ruleset.objects.all()
    serializer_class = RulesetSerializer
    pagination_class = NewestFirstPagination
    lookup_value_regex = "[0-9]{1,18}"
    filterset_fields = ["state"]
    access = {name: Access("routing:read", "routing.view_ruleset") for name in ("list", "retrieve")}

    def get_serializer_class(self) -> Any:
        return RulesetDetailSerializer if self.action == "retrieve" else RulesetSerializer


def _read(stored: RoutingDecision) -> Decision:
    """Raises NotReplayed."""
    try:
        return decision_of(stored)
    except UnreadableDocument as error:
        raise NotReplayed(str(error)) from error


def _answer(order: Order, routed: Routed) -> Response:
    order = get_object_or_404(Order, pk=order.pk)
    stored, decision = routed.stored, routed.decision
    shown = stored_body(stored, decision) if stored and decision else None
    body = routed_body(order, routed.state, routed.sentence, shown)
    return Response(RoutedSerializer(body).data)
