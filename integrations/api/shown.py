"""Dispatches, shipments and papers as the API shows them."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from integrations.models import Dispatch, DispatchState
from integrations.tracking.links import safe_link
from orders.api.shown import order_url
from orders.models import Document, Order, Shipment, TrackingEvent

_QUEUED = (DispatchState.WAITING, DispatchState.UNKNOWN)


def document_url(order_id: int, document_id: int) -> str:
    return reverse("api:order-document", args=[order_id, document_id])


class DispatchSerializer(serializers.ModelSerializer[Dispatch]):
    order = serializers.CharField(source="order.number", help_text="Its number.")
    order_url = serializers.SerializerMethodField()
    next_attempt_at = serializers.SerializerMethodField(
        help_text="Null where nothing is tried by itself: in hand, waiting for a person, or over."
    )
    asked = serializers.DictField(help_text="What a person is asked to allow; empty: nothing.")

    class Meta:
        model = Dispatch
        fields: ClassVar = [
            "id",
            "order_id",
            "order",
            "order_url",
            "kind",
            "part",
            "platform",
            "generation",
            "reference",
            "remote_id",
            "state",
            "attempts",
            "error_code",
            "error",
            "platform_words",
            "missing",
            "asked",
            "reason",
            "next_attempt_at",
            "created_at",
            "done_at",
            "correlation_id",
        ]

    def get_order_url(self, dispatch: Dispatch) -> str:
        return order_url(dispatch.order_id)

    def get_next_attempt_at(self, dispatch: Dispatch) -> Any:
        due = dispatch.next_attempt_at if dispatch.state in _QUEUED else None
        return self.fields["created_at"].to_representation(due) if due else None


class SentSerializer(serializers.Serializer[Any]):
    """What became of the order, and all that was ever promised of it, newest first."""

    order = serializers.CharField()
    url = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    problem = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()
    dispatches = DispatchSerializer(many=True)


class ScanSerializer(serializers.ModelSerializer[TrackingEvent]):
    class Meta:
        model = TrackingEvent
        fields: ClassVar = ["at", "code", "words", "place", "received_at"]


class DocumentSerializer(serializers.ModelSerializer[Document]):
    url = serializers.SerializerMethodField(help_text="Its bytes.")

    class Meta:
        model = Document
        fields: ClassVar = ["id", "url", "kind", "media_type", "size", "sha256", "created_at"]

    def get_url(self, document: Document) -> str:
        return document_url(document.shipment.order_id, document.pk)


class ShipmentSerializer(serializers.ModelSerializer[Shipment]):
    service = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    tracking_url = serializers.SerializerMethodField(
        help_text="Empty where the platform told none, or none of the web."
    )
    documents = DocumentSerializer(many=True)
    tracking_events = ScanSerializer(many=True, help_text="Oldest first, by the carrier's time.")

    class Meta:
        model = Shipment
        fields: ClassVar = [
            "id",
            "reference",
            "part",
            "generation",
            "platform",
            "remote_id",
            "remote_shipment_id",
            "service",
            "carrier",
            "tracking_number",
            "tracking_url",
            "state",
            "cost",
            "currency",
            "created_at",
            "labelled_at",
            "shipped_at",
            "delivered_at",
            "cancelled_at",
            "documents",
            "tracking_events",
        ]

    def get_tracking_url(self, shipment: Shipment) -> str:
        return safe_link(shipment.tracking_url)


class ShipmentsSerializer(serializers.Serializer[Any]):
    order = serializers.CharField()
    shipments = ShipmentSerializer(many=True, help_text="Newest first; with cancelled ones.")


def sent_body(order: Order, sentence: str) -> dict[str, Any]:
    return {
        "order": order.number,
        "url": order_url(order.pk),
        "status": order.status,
        "version": order.version,
        "problem": order.problem,
        "sentence": sentence,
        "dispatches": order.dispatches.select_related("order").order_by("-id"),
    }
