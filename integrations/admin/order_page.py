"""What the order page shows and offers of platforms; orders.admin hangs it in."""

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyInline, StaffAdmin
from integrations.admin.drift import DriftInline
from integrations.admin.forms import CancelForm
from integrations.admin.journeys import platform_context
from integrations.services import (
    cancel_at_platform,
    fetch_status,
    leave_parts_out,
    resend_order,
    send_order,
)
from integrations.services.telling import told_of_cancelling, told_of_sending
from orders.models import Order, Shipment


class ShipmentInline(ReadOnlyInline):
    model = Shipment
    fields = ["reference", "state", "carrier", "tracking_number", "cost", "currency", "created_at"]
    show_change_link = True


class PlatformButtons(StaffAdmin):
    """Send, resend, cancel, and the parcels' journeys: on the order's page."""

    platform_inlines = [ShipmentInline, DriftInline]
    platform_buttons = ["send", "resend", "cancel_there", "leave_out", "fetch_status"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        order = self.get_object(request, object_id)
        context = platform_context(request, order) if order else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def get_actions_detail(self, request, object_id):
        """Parts can be left out only of an order that has some."""
        actions = super().get_actions_detail(request, object_id)
        is_split = Order.objects.filter(pk=object_id, parcels__gt=1).exists()
        return [each for each in actions if is_split or each.method.__name__ != "leave_out"]

    @detail_action(
        permission="orders.send_order",
        description="Send",
        icon="send",
        question="The order, or each part of it, goes to its platform, and its label is bought.",
    )
    def send(self, request, order, values):
        send_order(order)
        return told_of_sending(order)

    @detail_action(
        permission="orders.send_order",
        description="Resend",
        icon="forward_to_inbox",
        form=ReasonForm,
        question="Only what was cancelled at the platform is sent again, under a new reference.",
    )
    def resend(self, request, order, values):
        resend_order(order, values["reason"])
        return told_of_sending(order)

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel at platform",
        icon="cancel_schedule_send",
        form=CancelForm,
        question="A bought label is voided. Nothing is cancelled once the parcel is on its way.",
    )
    def cancel_there(self, request, order, values):
        cancel_at_platform(order, **values)
        return told_of_cancelling(order)

    @detail_action(
        permission="integrations.fetch_status",
        description="Fetch status",
        icon="travel_explore",
        question="The platform is asked where the parcel is; what it says comes into the history.",
    )
    def fetch_status(self, request, order, values):
        parcels = fetch_status(order)
        asked = "The parcel is" if parcels == 1 else f"{parcels} parcels are"
        return f"{asked} asked about. Load this page again in a moment for the answer."

    @detail_action(
        permission="orders.cancel_order",
        description="Leave parts out",
        icon="call_split",
        form=ReasonForm,
        question="The parts that were cancelled are not sent any more: their stock is free, and "
        "the order goes on with the others.",
    )
    def leave_out(self, request, order, values):
        leave_parts_out(order, values["reason"])
        return f"Order {order} goes on without its cancelled parts."
