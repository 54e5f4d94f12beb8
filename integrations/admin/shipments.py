"""Parcels at the platforms, their journeys and their papers."""

from django.contrib import admin
from django.http import HttpResponse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.pages import ReadOnlyAdmin, ReadOnlyInline
from integrations.admin.journeys import parcel_named, shown_code, shown_moment, tracking_link
from integrations.admin.looks import SHIPMENT_LABELS, on_one_line
from integrations.services.papers import hand_out
from orders.models import Document, Shipment, TrackingEvent


class JourneyInline(ReadOnlyInline):
    model = TrackingEvent
    verbose_name_plural = "Journey"
    fields = ["happened", "what", "place", "words"]
    readonly_fields = ["happened", "what"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("shipment__order__warehouse")

    @display(description="When")
    def happened(self, scan):
        return shown_moment(scan.at, scan.shipment.order.warehouse)

    @display(description="What")
    def what(self, scan):
        return shown_code(scan.code)


class DocumentInline(ReadOnlyInline):
    model = Document
    fields = ["kind", "media_type", "size", "created_at"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = [
        "reference_shown",
        "order_shown",
        "platform",
        "state_label",
        "service",
        "tracking_number",
        "price",
        "created_at",
    ]
    list_filter = [
        ("platform", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["order", "service"]
    search_fields = ["reference", "tracking_number", "remote_id"]
    search_help_text = "Search by reference, tracking number or the platform's id."
    exclude = ["tracking_url", "part"]
    readonly_fields = ["parcel", "tracking_page"]
    inlines = [JourneyInline, DocumentInline]

    class Media:
        css = {"all": ["integrations/platforms.css"]}

    @display(description="Reference", ordering="reference")
    def reference_shown(self, shipment):
        return on_one_line(shipment.reference)

    @display(description="Order", ordering="order__number")
    def order_shown(self, shipment):
        return on_one_line(shipment.order)

    @display(description="Cost", ordering="cost")
    def price(self, shipment):
        if shipment.cost is None:
            return "–"
        return on_one_line(f"{shipment.cost} {shipment.currency}")

    @display(description="State", ordering="state", label=SHIPMENT_LABELS)
    def state_label(self, shipment):
        return shipment.state, shipment.get_state_display()

    @display(description="Parcel")
    def parcel(self, shipment):
        return parcel_named(shipment)

    @display(description="Tracking page")
    def tracking_page(self, shipment):
        return tracking_link(shipment)


@admin.register(TrackingEvent)
class TrackingEventAdmin(ReadOnlyAdmin):
    list_display = ["happened", "shipment", "what", "words", "place", "received_at"]
    list_select_related = ["shipment__order__warehouse"]

    @display(description="When", ordering="at")
    def happened(self, scan):
        return shown_moment(scan.at, scan.shipment.order.warehouse)

    @display(description="What", ordering="code")
    def what(self, scan):
        return shown_code(scan.code)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["shipment", "kind", "media_type", "size", "created_at"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    list_select_related = ["shipment"]
    fields = ["shipment", "kind", "media_type", "size", "sha256", "created_at"]
    actions_detail = ["download"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")

    @detail_action(
        permission="orders.download_document",
        description="Download",
        icon="download",
        question="It shows the recipient's name and address; the download is recorded.",
    )
    def download(self, request, document, values):
        content, headers = hand_out(document)
        return HttpResponse(content, headers=headers)
