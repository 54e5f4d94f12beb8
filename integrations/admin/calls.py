"""The request log."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from core.staff.pages import ReadOnlyAdmin
from integrations.models import ApiCall


@admin.register(ApiCall)
class ApiCallAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "platform",
        "order",
        "purpose",
        "method",
        "path",
        "status",
        "result",
        "milliseconds",
    ]
    list_filter = [
        ("platform", ChoicesDropdownFilter),
        ("purpose", FieldTextFilter),
        ("outcome", FieldTextFilter),
        ("at", RangeDateTimeFilter),
    ]
    list_select_related = ["order"]
    search_fields = ["=correlation_id"]
    search_help_text = "Search by correlation id."

    @display(description="Outcome", ordering="outcome", label={"ok": "success"})
    def result(self, call):
        return call.outcome, call.outcome
