"""What the order page shows and offers of platforms; orders.admin hangs it in."""

from core.staff.actions import detail_action
from core.staff.forms import ReasonForm
from core.staff.pages import ReadOnlyInline, StaffAdmin
from integrations.admin.drift import DriftInline
from integrations.admin.forms import CancelForm
from integrations.admin.journeys import journey_context
from integrations.models import Dispatch
from integrations.services import cancel_at_platform, resend_order, send_order
from orders.models import Shipment


class DispatchInline(ReadOnlyInline):
    model = Dispatch
    fields = ["kind", "reference", "state", "error", "attempts", "next_attempt_at", "created_at"]
    show_change_link = True


class ShipmentInline(ReadOnlyInline):
    model = Shipment
    fields = ["reference", "state", "carrier", "tracking_number", "cost", "currency", "created_at"]
    show_change_link = True


class PlatformButtons(StaffAdmin):
    """Send, resend, cancel, and the parcels' journeys: on the order's page."""

    platform_inlines = [DispatchInline, ShipmentInline, DriftInline]
    platform_buttons = ["send", "resend", "cancel_there"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        order = self.get_object(request, object_id)
        may_see = order and request.user.has_perm("orders.view_trackingevent")
        context = journey_context(order) if may_see else {}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    @detail_action(
        permission="orders.send_order",
        description="Send",
        icon="send",
        question="The order goes to its platform, and its label is bought.",
    )
    def send(self, request, order, values):
        dispatch = send_order(order)
        return f"To be sent to {dispatch.get_platform_display()} as {dispatch.reference}."

    @detail_action(
        permission="orders.send_order",
        description="Resend",
        icon="forward_to_inbox",
        form=ReasonForm,
        question="Only what was cancelled at the platform is sent again, under a new reference.",
    )
    def resend(self, request, order, values):
        dispatch = resend_order(order, values["reason"])
        return f"To be sent to {dispatch.get_platform_display()} as {dispatch.reference}."

    @detail_action(
        permission="orders.cancel_order",
        description="Cancel at platform",
        icon="cancel_schedule_send",
        form=CancelForm,
        question="A bought label is voided. Nothing is cancelled once the parcel is on its way.",
    )
    def cancel_there(self, request, order, values):
        cancel = cancel_at_platform(order, **values)
        return f"{cancel}: {cancel.get_state_display().lower()}."
