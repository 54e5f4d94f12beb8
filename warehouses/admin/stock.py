"""How much is where, and the actions that move it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from core.staff.actions import detail_action
from core.staff.forms import StaffForm
from core.staff.pages import AuditedAdmin, ReadOnlyAdmin
from warehouses.models import (
    Product,
    ReasonCode,
    StockLevel,
    StockMovement,
    Warehouse,
)
from warehouses.services import adjust_stock, receive_stock, transfer_stock


class StockHealthFilter(admin.SimpleListFilter):
    title = "health"
    parameter_name = "health"

    def lookups(self, request, model_admin):
        return [("out", "Nothing free"), ("safety", "At safety stock"), ("reorder", "To reorder")]

    def queryset(self, request, queryset):
        match self.value():
            case "out":
                return queryset.filter(on_hand__lte=F("reserved"))
            case "safety":
                return queryset.filter(on_hand__lte=F("reserved") + F("safety_stock"))
            case "reorder":
                low = Q(on_hand__lte=F("reserved") + F("reorder_point"))
                return queryset.filter(low, reorder_point__gt=0)
        return queryset


class MovementForm(StaffForm):
    """What every hand movement of stock must say."""

    quantity = forms.IntegerField(min_value=1, max_value=1_000_000, help_text="Units.")
    reason = forms.ChoiceField(choices=[])
    document = forms.CharField(
        max_length=60, help_text="Number of the paper it is on. The same paper never moves twice."
    )
    note = forms.CharField(max_length=300, required=False)
    reasons: list[ReasonCode] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.choices = [(r.value, r.label) for r in self.reasons]
        self.fields["reason"].choices = self.fields["reason"].widget.choices


class ReceiveForm(MovementForm):
    reasons = [ReasonCode.PURCHASE, ReasonCode.RETURN, ReasonCode.FOUND, ReasonCode.OPENING]


class AdjustForm(MovementForm):
    quantity = forms.IntegerField(
        min_value=-1_000_000, max_value=1_000_000, help_text="Units to add; negative takes away."
    )
    reasons = [
        ReasonCode.COUNT,
        ReasonCode.DAMAGE,
        ReasonCode.LOSS,
        ReasonCode.FOUND,
        ReasonCode.SAMPLE,
        ReasonCode.CORRECTION,
    ]


class TransferForm(MovementForm):
    target = forms.ModelChoiceField(Warehouse.objects.filter(is_active=True), label="To warehouse")
    reasons = [ReasonCode.REBALANCE]
    field_order = ["target", "quantity"]


@admin.register(StockLevel)
class StockLevelAdmin(AuditedAdmin):
    list_display = [
        "product",
        "warehouse",
        "on_hand",
        "reserved",
        "free_units",
        "safety_stock",
        "reorder_point",
        "counted_at",
    ]
    list_filter = [("warehouse", AutocompleteSelectFilter), StockHealthFilter]
    list_select_related = ["warehouse", "product"]
    # Only opens the search box; get_search_results looks products up by their own index.
    search_fields = ["pk"]
    search_help_text = "Search by the beginning of a SKU."
    readonly_fields = ["product", "warehouse", "on_hand", "reserved", "counted_at", "updated_at"]
    fields = [
        ("product", "warehouse"),
        ("on_hand", "reserved"),
        ("safety_stock", "reorder_point"),
        ("counted_at", "updated_at"),
    ]
    actions_detail = ["receive", "adjust", "transfer"]

    def has_add_permission(self, request):
        return False

    def get_search_results(self, request, queryset, search_term):
        # Products first, by their index; the join below would otherwise be a scan.
        if not search_term.strip():
            return queryset, False
        found = Product.objects.filter(sku__istartswith=search_term.strip())
        return queryset.filter(product__in=found), False

    @display(description="Free", ordering=F("on_hand") - F("reserved"))
    def free_units(self, level):
        return level.free

    @detail_action(
        permission="warehouses.receive_stock",
        description="Receive",
        icon="add_box",
        form=ReceiveForm,
    )
    def receive(self, request, level, values):
        movement = receive_stock(**self._movement(level, values, "receive"))
        return f"Received {values['quantity']}. On hand is now {movement.on_hand_after}."

    @detail_action(
        permission="warehouses.adjust_stock", description="Adjust", icon="edit", form=AdjustForm
    )
    def adjust(self, request, level, values):
        movement = adjust_stock(**self._movement(level, values, "adjust"))
        return f"Adjusted by {values['quantity']:+d}. On hand is now {movement.on_hand_after}."

    @detail_action(
        permission="warehouses.transfer_stock",
        description="Transfer",
        icon="swap_horiz",
        form=TransferForm,
    )
    def transfer(self, request, level, values):
        movement = self._movement(level, values, "transfer")
        source = movement.pop("warehouse")
        transfer_stock(**movement, from_warehouse=source, to_warehouse=values["target"])
        return f"Transferred {values['quantity']} to {values['target']}."

    def _movement(self, level, values, verb):
        place = f"{level.warehouse.code}:{level.product.sku}"
        return {
            "warehouse": level.warehouse,
            "product": level.product,
            "quantity": values["quantity"],
            "reason": ReasonCode(values["reason"]),
            "document": values["document"],
            "note": values["note"],
            "key": f"{verb}:{values['document']}:{place}",
        }


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = [
        "at",
        "sku",
        "place",
        "kind_label",
        "on_hand_change",
        "on_hand_after",
        "reserved_change",
        "reserved_after",
        "document",
        "actor_label",
    ]
    list_filter = [("kind", ChoicesDropdownFilter), ("reason", ChoicesDropdownFilter)]
    list_select_related = ["level__product", "level__warehouse"]
    search_fields = ["=document"]
    search_help_text = "Search by the exact document number."

    @display(description="SKU")
    def sku(self, movement):
        return movement.level.product.sku

    @display(description="Warehouse")
    def place(self, movement):
        return movement.level.warehouse.code

    @display(description="Movement", ordering="kind", label=True)
    def kind_label(self, movement):
        return movement.get_kind_display()
