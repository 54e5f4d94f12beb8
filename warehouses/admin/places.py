"""Warehouses, their pickups and the ZIP codes."""

from django.contrib import admin
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from core.staff.pages import AuditedAdmin, ReadOnlyAdmin
from warehouses.models import (
    PickupCutoff,
    Warehouse,
    WarehouseClosure,
    ZipCentroid,
)


class CutoffInline(TabularInline):
    model = PickupCutoff
    extra = 0
    tab = True
    autocomplete_fields = ["carrier"]


class ClosureInline(TabularInline):
    model = WarehouseClosure
    extra = 0
    tab = True


@admin.register(Warehouse)
class WarehouseAdmin(AuditedAdmin):
    list_display = [
        "code",
        "name",
        "city",
        "state",
        "time_zone",
        "priority",
        "daily_capacity",
        "is_active",
    ]
    list_filter = ["is_active", ("state", admin.AllValuesFieldListFilter)]
    search_fields = ["code", "name", "city"]
    inlines = [CutoffInline, ClosureInline]
    fieldsets = [
        (None, {"fields": [("code", "name"), ("priority", "daily_capacity"), "is_active"]}),
        (
            "Address",
            {
                "fields": [
                    "address_1",
                    "address_2",
                    ("city", "state"),
                    ("postal_code", "country"),
                    ("latitude", "longitude"),
                    "time_zone",
                ]
            },
        ),
        ("Contact on labels", {"fields": [("contact_name", "company"), ("phone", "email")]}),
    ]


@admin.register(PickupCutoff)
class PickupCutoffAdmin(AuditedAdmin):
    list_display = ["warehouse", "carrier", "weekday", "cutoff", "zone"]
    list_filter = [("warehouse", AutocompleteSelectFilter), ("carrier", AutocompleteSelectFilter)]
    list_select_related = ["warehouse", "carrier"]
    autocomplete_fields = ["warehouse", "carrier"]
    is_deletable = True

    @display(description="Until", ordering="local_time")
    def cutoff(self, cutoff):
        return f"{cutoff.local_time:%H:%M}"

    @display(description="Time zone")
    def zone(self, cutoff):
        return cutoff.warehouse.time_zone


@admin.register(ZipCentroid)
class ZipCentroidAdmin(ReadOnlyAdmin):
    list_display = ["zip_code", "city", "state", "time_zone", "latitude", "longitude"]
    list_filter = [("state", admin.AllValuesFieldListFilter)]
    search_fields = ["=zip_code", "city"]
