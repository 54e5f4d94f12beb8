"""Addresses that a person vouched for."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyAdmin
from orders.models import AddressOverride
from orders.services.check.vouched import forget_address


@admin.register(AddressOverride)
class AddressOverrideAdmin(ReadOnlyAdmin):
    list_display = ["address", "reason", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["address"]
    search_help_text = "Search by part of the address."
    fields = ["address", "reason", "created_by", "created_at"]
    actions_detail = ["forget"]

    @detail_action(
        permission="orders.change_order",
        description="Forget",
        icon="delete",
        form=ReasonForm,
        question="The address is checked like any other from now on.",
    )
    def forget(self, request, override, values):
        forget_address(override, values["reason"])
        messages.success(request, f"“{override.address}” is checked again from now on.")
        return HttpResponseRedirect(reverse("admin:orders_addressoverride_changelist"))
