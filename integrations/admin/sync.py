"""What platforms list: things to map, how far each list is read, their stock beside ours."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from core.staff.actions import detail_action, list_action
from core.staff.forms import StaffForm, dress
from core.staff.pages import ReadOnlyAdmin
from integrations.models import RemoteKind, StockSnapshot, SyncProgress, Unmatched
from integrations.services import leave_out, map_unmatched
from warehouses.models import CarrierService, StockLevel, Warehouse


class MapForm(StaffForm):
    ours = forms.CharField(max_length=64, label="Ours")

    def prepare(self, request, subject):
        """Warehouses and services are few enough to choose from; a SKU is typed."""
        if choices := _choices(subject):
            self.fields["ours"] = forms.ChoiceField(choices=[("", "–"), *choices], label="Ours")
        elif subject.kind == RemoteKind.PRODUCT:
            self.fields["ours"].label = "Our SKU"
        dress(self.fields["ours"])


def _choices(thing):
    match thing.kind:
        case RemoteKind.WAREHOUSE:
            return [(each.code, f"{each.code} – {each.name}") for each in Warehouse.objects.all()]
        case RemoteKind.SERVICE:
            here = CarrierService.objects.filter(carrier__platform=thing.platform)
            return [(each.code, f"{each.code} – {each.name}") for each in here]
    return []


class OpenFilter(admin.SimpleListFilter):
    title = "list"
    parameter_name = "list"

    def lookups(self, request, model_admin):
        return [("out", "Left out"), ("all", "All")]

    def choices(self, changelist):
        shown = list(super().choices(changelist))
        shown[0]["display"] = "To map"
        return shown

    def queryset(self, request, queryset):
        match self.value():
            case "all":
                return queryset
            case "out":
                return queryset.filter(is_ignored=True)
        return queryset.filter(is_ignored=False)


@admin.register(Unmatched)
class UnmatchedAdmin(ReadOnlyAdmin):
    list_display = ["name_shown", "kind", "platform", "about", "suggested", "theirs", "seen_at"]
    list_filter = [
        OpenFilter,
        ("platform", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
    ]
    search_fields = ["name", "about", "=theirs"]
    search_help_text = "Search by their name, SKU, address or id."
    actions = ["leave_out_selected", "put_back_selected"]
    actions_detail = ["map", "leave_out"]

    @display(description="Theirs", ordering="name")
    def name_shown(self, thing):
        return thing.name or thing.theirs

    @detail_action(
        permission="integrations.change_remoteid",
        description="Map",
        icon="link",
        form=MapForm,
        question="Say once what it is. Everything that waited for it is sent then.",
        initial=lambda thing: {"ours": thing.suggested},
    )
    def map(self, request, thing, values):
        mapping = map_unmatched(thing, values["ours"])
        return f"{mapping.ours} is “{thing.name or mapping.theirs}” from now on."

    @detail_action(
        permission="integrations.change_remoteid",
        description="Leave out",
        icon="visibility_off",
        question="It leaves the list; a sync will not bring it back.",
    )
    def leave_out(self, request, thing, values):
        leave_out(thing)
        return f"{thing} is left out."

    @list_action(
        permission="integrations.change_remoteid", description="Leave out…", done="left out"
    )
    def leave_out_selected(self, request, thing, values):
        leave_out(thing)

    @list_action(
        permission="integrations.change_remoteid", description="Put back…", done="put back"
    )
    def put_back_selected(self, request, thing, values):
        leave_out(thing, is_ignored=False)


@admin.register(SyncProgress)
class SyncProgressAdmin(ReadOnlyAdmin):
    list_display = ["platform", "kind", "read", "started_at", "finished_at", "error"]
    list_filter = [("platform", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter)]


@admin.register(StockSnapshot)
class StockSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["product", "warehouse", "platform", "on_hand", "available", "ours", "gap", "at"]
    list_filter = [
        ("platform", ChoicesDropdownFilter),
        ("warehouse", RelatedDropdownFilter),
        ("product", AutocompleteSelectFilter),
    ]
    list_select_related = ["product", "warehouse"]

    def get_queryset(self, request):
        level = StockLevel.objects.filter(
            warehouse=OuterRef("warehouse"), product=OuterRef("product")
        )
        counted = Subquery(level.values("on_hand")[:1])
        return super().get_queryset(request).annotate(our_units=counted)

    @display(description="Our units")
    def ours(self, shot):
        return shot.our_units or 0

    @display(description="Theirs minus ours")
    def gap(self, shot):
        if shot.is_endless:
            return "endless there"
        return "–" if shot.on_hand is None else f"{shot.on_hand - (shot.our_units or 0):+d}"
