"""Webhooks: registered, changed, tried out."""

from integrations.sandbox.easyship import webhooks
from integrations.sandbox.easyship.answers import Page
from integrations.sandbox.easyship.operations.base import op, taking

WEBHOOKS = (
    op(
        "GET",
        "/webhooks",
        webhooks.list_webhooks,
        "webhook:read",
        Page("List all Webhooks", "webhooks_index"),
    ),
    taking(
        "WebhookCreate",
        op(
            "POST",
            "/webhooks",
            webhooks.create,
            "webhook:write",
            Page("Create a Webhook", "webhooks_create"),
        ),
    ),
    op(
        "GET",
        "/webhooks/{webhook_id}",
        webhooks.view,
        "webhook:read",
        Page("Get a Webhook", "webhooks_show"),
    ),
    taking(
        "WebhookCreate",
        op(
            "PATCH",
            "/webhooks/{webhook_id}",
            webhooks.update,
            "webhook:write",
            Page("Update a Webhook", "webhooks_update"),
        ),
    ),
    op(
        "DELETE",
        "/webhooks/{webhook_id}",
        webhooks.delete,
        "webhook:write",
        Page("Delete a Webhook", "webhooks_delete"),
    ),
    op(
        "POST",
        "/webhooks/{webhook_id}/activate",
        webhooks.activate,
        "webhook:write",
        Page("Activate a Webhook", "webhooks_activate"),
    ),
    op(
        "POST",
        "/webhooks/{webhook_id}/deactivate",
        webhooks.deactivate,
        "webhook:write",
        Page("Deactivate a Webhook", "webhooks_deactivate"),
    ),
    taking(
        "WebhookTestCreate",
        op(
            "POST",
            "/webhooks/{webhook_id}/test",
            webhooks.try_out,
            "webhook:write",
            Page("Test a Webhook", "webhooks_test"),
        ),
    ),
)
