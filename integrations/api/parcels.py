"""/orders/{id}/shipments, documents and events: what became of it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.pagination import SafeCursorPagination
from core.api.permissions import Access
from core.models import ApiToken
from integrations.api.events import Place, event_body, events_after, place_of
from integrations.api.shown import ShipmentsSerializer
from integrations.services.papers import hand_out
from orders.api.filters import refuse_unknown
from orders.models import Document, Order, Shipment, TrackingEvent

_SEES_PAPERS, _SEES_SCANS = "orders.view_document", "orders.view_trackingevent"
_PAPERS = ("application/pdf", "image/png", "application/zpl")


class PaperRenderer(BaseRenderer):
    """Lets a client ask for any type, as papers have several; a problem is answered as JSON."""

    media_type = "*/*"
    format = "paper"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return bytes(JSONRenderer().render(data, "application/json", renderer_context))


class HappenedSerializer(serializers.Serializer[Any]):
    """One line of the order's history, or one scan of a parcel."""

    id = serializers.CharField()
    at = serializers.DateTimeField(help_text="When it happened; of a scan by the carrier.")
    recorded_at = serializers.DateTimeField(help_text="When we learnt it; the list's order.")
    kind = serializers.CharField(help_text="status, edit, hold, dispatch, …; scan of a parcel.")
    from_status = serializers.CharField(allow_blank=True)
    to_status = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(allow_blank=True)
    correlation_id = serializers.CharField(allow_blank=True)
    shipment = serializers.CharField(allow_blank=True, help_text="The scanned parcel's reference.")
    code = serializers.CharField(allow_blank=True, help_text="Of a scan, as in out_for_delivery.")
    place = serializers.CharField(allow_blank=True)


class EventsSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="The next page; null: that was all.")
    cursor = serializers.CharField(
        allow_blank=True, help_text="Ask with it later for what is new by then."
    )
    results = HappenedSerializer(many=True)


class OrderParcelsViewSet(viewsets.GenericViewSet[Order]):
    """What platforms know of one order."""

    queryset = Order.objects.all()
    serializer_class = ShipmentsSerializer
    pagination_class = None
    filter_backends = ()
    access = {
        "shipments": Access("dispatch:read", "orders.view_shipment"),
        "document": Access("dispatch:read", "orders.download_document"),
        "events": Access("dispatch:read", "orders.view_orderevent"),
    }

    @extend_schema(responses=ShipmentsSerializer)
    def shipments(self, request: Request, pk: str) -> Response:
        """Every parcel of the order, with its papers and its journey."""
        refuse_unknown(request, ())
        order = self.get_object()
        body = {"order": order.number, "shipments": _shipments_of(order, request)}
        return Response(ShipmentsSerializer(body).data)

    @extend_schema(responses={(200, media_type): OpenApiTypes.BINARY for media_type in _PAPERS})
    def document(self, request: Request, pk: str, document: str) -> HttpResponse:
        """The bytes of a label or another paper; each download is recorded."""
        refuse_unknown(request, ("format",))
        papers = Document.objects.select_related("shipment")
        paper = get_object_or_404(papers, pk=document, shipment__order=pk)
        content, headers = hand_out(paper)
        return HttpResponse(content, headers=headers)

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="Where the last page ended."),
            OpenApiParameter("page_size", int, description="At most 500."),
        ],
        responses=EventsSerializer,
    )
    def events(self, request: Request, pk: str) -> Response:
        """History and scans, in the order in which we learnt them: what is new comes last."""
        refuse_unknown(request, ())
        order = self.get_object()
        asked = request.query_params.get("cursor")
        size = SafeCursorPagination().get_page_size(request) or SafeCursorPagination.page_size
        found = events_after(
            order,
            place_of(asked) if asked else None,
            size + 1,
            with_scans=_may(request, _SEES_SCANS),
        )
        return Response(EventsSerializer(_page(request, found[:size], len(found) > size)).data)

    def get_renderers(self) -> Any:
        """A paper has the type of its bytes, whatever the client prefers."""
        more = [PaperRenderer()] if self.action == "document" else []
        return [*super().get_renderers(), *more]


def _shipments_of(order: Order, request: Request) -> QuerySet[Shipment]:
    """Three queries, however many parcels, papers and scans; only what the person may see."""
    papers, scans = Document.objects.defer("content"), TrackingEvent.objects.all()
    return (
        Shipment.objects.filter(order=order)
        .select_related("service")
        .prefetch_related(
            Prefetch("documents", papers if _may(request, _SEES_PAPERS) else papers.none()),
            Prefetch("tracking_events", scans if _may(request, _SEES_SCANS) else scans.none()),
        )
    )


def _may(request: Request, permission: str) -> bool:
    """A token's scope covers all of it; a person needs each permission."""
    return isinstance(request.auth, ApiToken) or request.user.has_perm(permission)


def _page(request: Request, found: list[tuple[Place, Any]], has_more: bool) -> dict[str, Any]:
    last = str(found[-1][0]) if found else request.query_params.get("cursor", "")
    query = request.query_params.copy()
    query["cursor"] = last
    return {
        "next": request.build_absolute_uri(f"?{query.urlencode()}") if has_more else None,
        "cursor": last,
        "results": [event_body(place, row) for place, row in found],
    }
