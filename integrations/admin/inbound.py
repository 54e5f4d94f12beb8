"""What platforms told us, and how far we have asked."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from core.redaction import redact_text
from core.staff.actions import detail_action, list_action
from core.staff.pages import ReadOnlyAdmin
from integrations.admin.looks import WEBHOOK_LABELS
from integrations.models import SyncCursor, WebhookEvent
from integrations.services.webhooks import process_again

_SHOWN_CHARACTERS = 4_000


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = [
        "received_at",
        "source",
        "event_type",
        "remote_shipment_id",
        "state_label",
        "deliveries",
        "attempts",
        "error",
        "processed_at",
    ]
    list_filter = [
        ("source", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("event_type", FieldTextFilter),
        ("received_at", RangeDateTimeFilter),
    ]
    search_fields = ["=remote_shipment_id", "=digest"]
    search_help_text = "Search by the platform's shipment id."
    actions = ["again_selected"]
    actions_detail = ["again"]
    fields = [
        ("source", "state"),
        ("event_type", "remote_shipment_id"),
        "error",
        ("received_at", "last_received_at"),
        ("deliveries", "account"),
        ("attempts", "next_attempt_at"),
        "processed_at",
        "headers",
        "shown_body",
        "digest",
    ]
    readonly_fields = ["shown_body"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        is_list = request.resolver_match and request.resolver_match.url_name.endswith("changelist")
        return rows.defer("body") if is_list else rows

    @display(description="State", ordering="state", label=WEBHOOK_LABELS)
    def state_label(self, event):
        return event.state, event.get_state_display()

    @display(description="Body")
    def shown_body(self, event):
        text = bytes(event.body).decode(errors="replace")
        return redact_text(text)[:_SHOWN_CHARACTERS]

    @detail_action(
        permission="integrations.process_webhookevent",
        description="Process again",
        icon="replay",
        question="The shipment is fetched from the platform, and what it says now is recorded.",
    )
    def again(self, request, event, values):
        process_again(event)
        return f"{event} is processed again."

    @list_action(
        permission="integrations.process_webhookevent",
        description="Process again…",
        done="to be processed again",
    )
    def again_selected(self, request, event, values):
        process_again(event)


@admin.register(SyncCursor)
class SyncCursorAdmin(ReadOnlyAdmin):
    list_display = [
        "platform",
        "subject",
        "round_started_at",
        "round_finished_at",
        "asked",
        "last_error",
        "last_error_at",
    ]
