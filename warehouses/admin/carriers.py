"""Carriers, their services and what they cost."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from core.staff.pages import AuditedAdmin, ReadOnlyInline
from warehouses.models import (
    Carrier,
    CarrierService,
    DestinationZone,
    RateCard,
    TransitTime,
)


class ServiceInline(ReadOnlyInline):
    model = CarrierService
    fields = ["code", "name", "scope", "transit_days_min", "transit_days_max", "is_active"]
    show_change_link = True


class ZoneInline(TabularInline):
    model = DestinationZone
    extra = 0
    per_page = 50
    tab = True


@admin.register(Carrier)
class CarrierAdmin(AuditedAdmin):
    list_display = ["name", "code", "platform_label", "services_count", "is_active"]
    search_fields = ["name", "code"]
    inlines = [ServiceInline, ZoneInline]

    def get_queryset(self, request):
        services = CarrierService.objects.filter(carrier=OuterRef("pk")).order_by()
        count = services.values("carrier").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(services_count=Coalesce(Subquery(count), 0))

    @display(description="Platform", ordering="platform", label=True)
    def platform_label(self, carrier):
        return carrier.get_platform_display()

    @display(description="Services", ordering="services_count")
    def services_count(self, carrier):
        return carrier.services_count


class TransitInline(TabularInline):
    model = TransitTime
    extra = 0
    tab = True


@admin.register(CarrierService)
class CarrierServiceAdmin(AuditedAdmin):
    list_display = ["name", "carrier", "scope", "transit", "limit", "accepts", "is_active"]
    list_filter = ["is_active", ("carrier", AutocompleteSelectFilter), "scope"]
    list_select_related = ["carrier"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["carrier"]
    inlines = [TransitInline]

    @display(description="Business days", ordering="transit_days_max")
    def transit(self, service):
        low, high = service.transit_days_min, service.transit_days_max
        return str(low) if low == high else f"{low}–{high}"

    @display(description="Up to", ordering="max_weight_grams")
    def limit(self, service):
        return f"{service.max_weight_grams / 1000:.1f} kg"

    @display(description="Accepts")
    def accepts(self, service):
        taken = {
            "PO box": service.accepts_po_box,
            "APO/FPO": service.accepts_military,
            "hazmat": service.accepts_hazmat,
            "batteries": service.accepts_batteries,
        }
        return ", ".join(name for name, yes in taken.items() if yes) or "–"


@admin.register(RateCard)
class RateCardAdmin(AuditedAdmin):
    list_display = ["service", "zone", "up_to", "amount"]
    list_filter = [("service", AutocompleteSelectFilter), "zone"]
    list_select_related = ["service"]
    autocomplete_fields = ["service"]
    is_deletable = True

    @display(description="Up to", ordering="up_to_grams")
    def up_to(self, rate):
        return f"{rate.up_to_grams:,} g"

    @display(description="Price", ordering="price")
    def amount(self, rate):
        return f"{rate.price} {rate.currency}"
