"""What is sold."""

from django.contrib import admin
from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core.staff.pages import AuditedAdmin, ReadOnlyInline
from warehouses.models import (
    Product,
    StockLevel,
)


class LevelInline(ReadOnlyInline):
    """Units move through the actions of a stock level."""

    model = StockLevel
    fields = ["warehouse", "on_hand", "reserved", "safety_stock", "reorder_point", "counted_at"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("warehouse")


@admin.register(Product)
class ProductAdmin(AuditedAdmin):
    list_display = [
        "sku",
        "title",
        "category",
        "weight",
        "worth",
        "cautions",
        "free_units",
        "is_active",
    ]
    list_filter = ["is_active", "is_hazmat", ("battery", ChoicesDropdownFilter)]
    search_fields = ["sku", "title"]
    inlines = [LevelInline]
    fieldsets = [
        (None, {"fields": [("sku", "barcode"), "title", ("category", "is_active")]}),
        ("As packed", {"fields": [("weight_grams", "length_mm"), ("width_mm", "height_mm")]}),
        (
            "Customs",
            {
                "fields": [
                    ("value", "currency"),
                    ("hs_code", "origin_country"),
                    "customs_description",
                ]
            },
        ),
        ("Dangerous goods", {"fields": [("is_hazmat", "battery")]}),
    ]

    def get_queryset(self, request):
        levels = StockLevel.objects.filter(product=OuterRef("pk")).order_by()
        free = levels.values("product").annotate(n=Sum(F("on_hand") - F("reserved"))).values("n")
        units = Coalesce(Subquery(free, output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(free_units=units)

    @display(description="Weight", ordering="weight_grams")
    def weight(self, product):
        return f"{product.weight_grams:,} g" if product.weight_grams else "–"

    @display(description="Value", ordering="value")
    def worth(self, product):
        return f"{product.value} {product.currency}"

    @display(description="Cautions")
    def cautions(self, product):
        battery = product.battery != "none"
        named = [name for name, yes in (("hazmat", product.is_hazmat), ("battery", battery)) if yes]
        return ", ".join(named) or "–"

    @display(description="Free units", ordering="free_units")
    def free_units(self, product):
        return product.free_units
