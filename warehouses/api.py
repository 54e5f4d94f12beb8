"""The network and its stock, for reading."""

from typing import Any, ClassVar

import django_filters
from django.db.models import F, Q, QuerySet
from rest_framework import serializers, viewsets

from core.api.pagination import ByKeyPagination
from core.api.permissions import Access
from warehouses.models import Carrier, CarrierService, Product, StockLevel, Warehouse


def _readable(scope: str, model: str) -> dict[str, Access]:
    access = Access(scope, f"warehouses.view_{model}")
    return {"list": access, "retrieve": access}


class WarehouseSerializer(serializers.ModelSerializer[Warehouse]):
    class Meta:
        model = Warehouse
        fields = [
            "code",
            "name",
            "city",
            "state",
            "postal_code",
            "country",
            "latitude",
            "longitude",
            "time_zone",
            "priority",
            "daily_capacity",
            "is_active",
        ]


class WarehouseViewSet(viewsets.ReadOnlyModelViewSet[Warehouse]):
    queryset = Warehouse.objects.all()
    serializer_class = WarehouseSerializer
    pagination_class = ByKeyPagination
    lookup_field = "code"
    lookup_value_regex = "[A-Z0-9-]+"
    filterset_fields: ClassVar = ["is_active", "state", "country"]
    access = _readable("network:read", "warehouse")


class CarrierSerializer(serializers.ModelSerializer[Carrier]):
    class Meta:
        model = Carrier
        fields = ["code", "name", "platform", "is_active"]


class CarrierViewSet(viewsets.ReadOnlyModelViewSet[Carrier]):
    queryset = Carrier.objects.all()
    serializer_class = CarrierSerializer
    pagination_class = ByKeyPagination
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]+"
    filterset_fields: ClassVar = ["is_active", "platform"]
    access = _readable("network:read", "carrier")


class ServiceSerializer(serializers.ModelSerializer[CarrierService]):
    carrier = serializers.CharField(source="carrier.code", read_only=True)
    platform = serializers.CharField(source="carrier.platform", read_only=True)
    countries = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = CarrierService
        fields = [
            "code",
            "name",
            "carrier",
            "platform",
            "scope",
            "countries",
            "transit_days_min",
            "transit_days_max",
            "max_weight_grams",
            "max_length_mm",
            "max_length_plus_girth_mm",
            "dimensional_divisor",
            "accepts_po_box",
            "accepts_military",
            "accepts_hazmat",
            "accepts_batteries",
            "delivers_on_saturday",
            "is_active",
        ]


class ServiceFilter(django_filters.FilterSet):
    carrier = django_filters.CharFilter(field_name="carrier__code")

    class Meta:
        model = CarrierService
        fields = ["carrier", "scope", "is_active"]


class ServiceViewSet(viewsets.ReadOnlyModelViewSet[CarrierService]):
    queryset = CarrierService.objects.select_related("carrier")
    serializer_class = ServiceSerializer
    pagination_class = ByKeyPagination
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]+"
    filterset_class = ServiceFilter
    access = _readable("network:read", "carrierservice")


class ProductSerializer(serializers.ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = [
            "sku",
            "title",
            "barcode",
            "category",
            "value",
            "currency",
            "weight_grams",
            "length_mm",
            "width_mm",
            "height_mm",
            "hs_code",
            "origin_country",
            "customs_description",
            "is_hazmat",
            "battery",
            "is_active",
        ]


class ProductFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(lookup_expr="istartswith")

    class Meta:
        model = Product
        fields = ["sku", "category", "is_active", "is_hazmat"]


class ProductViewSet(viewsets.ReadOnlyModelViewSet[Product]):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    pagination_class = ByKeyPagination
    lookup_field = "sku"
    # PostgreSQL cannot even look for a NUL.
    lookup_value_regex = r"[^/\x00]+"
    filterset_class = ProductFilter
    access = _readable("stock:read", "product")


class StockSerializer(serializers.ModelSerializer[StockLevel]):
    warehouse = serializers.CharField(source="warehouse.code", read_only=True)
    sku = serializers.CharField(source="product.sku", read_only=True)
    free = serializers.IntegerField(read_only=True, help_text="On hand minus reserved.")

    class Meta:
        model = StockLevel
        fields = [
            "warehouse",
            "sku",
            "on_hand",
            "reserved",
            "free",
            "safety_stock",
            "reorder_point",
            "counted_at",
            "updated_at",
        ]


class StockFilter(django_filters.FilterSet):
    warehouse = django_filters.CharFilter(field_name="warehouse__code")
    sku = django_filters.CharFilter(field_name="product__sku", lookup_expr="iexact")
    at_safety_stock = django_filters.BooleanFilter(
        method="keep_at_safety_stock", label="Free units are within the safety stock."
    )

    class Meta:
        model = StockLevel
        fields = ["warehouse", "sku"]

    def keep_at_safety_stock(
        self, levels: QuerySet[StockLevel], _name: str, wanted: Any
    ) -> QuerySet[StockLevel]:
        low = Q(on_hand__lte=F("reserved") + F("safety_stock"))
        return levels.filter(low if wanted else ~low)


class StockViewSet(viewsets.ReadOnlyModelViewSet[StockLevel]):
    queryset = StockLevel.objects.select_related("warehouse", "product")
    serializer_class = StockSerializer
    pagination_class = ByKeyPagination
    filterset_class = StockFilter
    access = _readable("stock:read", "stocklevel")
