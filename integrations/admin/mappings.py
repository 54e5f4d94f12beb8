"""What platforms call our warehouses, services and products."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from core.staff.pages import StaffAdmin
from integrations.admin.forms import MappingForm
from integrations.models import RemoteId
from integrations.services import map_remote_id, unmap_remote_id


@admin.register(RemoteId)
class RemoteIdAdmin(StaffAdmin):
    form = MappingForm
    list_display = ["platform", "kind", "ours", "theirs", "their_name", "is_by_hand", "updated_at"]
    list_filter = [
        ("platform", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        "is_by_hand",
    ]
    search_fields = ["ours", "=theirs", "their_name"]
    search_help_text = "Search by our code, their id or their name."
    is_deletable = True

    def get_readonly_fields(self, request, obj=None):
        return ["platform", "kind", "ours"] if obj else []

    def save_model(self, request, obj, form, change):
        mapping = map_remote_id(
            platform=obj.platform,
            kind=obj.kind,
            ours=obj.ours,
            theirs=obj.theirs,
            name=obj.their_name,
        )
        obj.pk = mapping.pk

    def delete_model(self, request, obj):
        unmap_remote_id(obj)
