"""Colours of states and how names stand in lists, the same on every page."""

from django.utils.html import format_html

DISPATCH_LABELS = {
    "waiting": "primary",
    "sending": "info",
    "unknown": "warning",
    "done": "success",
    "needs_help": "danger",
    "cancelled": "default",
}
ATTEMPT_LABELS = {
    "running": "info",
    "done": "success",
    "later": "primary",
    "unknown": "warning",
    "help": "danger",
    "died": "danger",
}
SHIPMENT_LABELS = {
    "created": "primary",
    "labelled": "info",
    "shipped": "info",
    "delivered": "success",
    "exception": "danger",
    "returned": "warning",
    "lost": "danger",
    "cancelled": "default",
}
WEBHOOK_LABELS = {
    "waiting": "primary",
    "done": "success",
    "ignored": "default",
    "failed": "danger",
}
DRIFT_LABELS = {
    "open": "danger",
    "ignored": "default",
    "settling": "info",
    "resolved": "success",
}
HEALTH_LABELS = {
    "Working": "success",
    "Idle": "default",
    "Waiting": "warning",
    "Paused": "warning",
    "Down": "danger",
}


def on_one_line(words):
    """A reference or a number that must not break at its hyphens."""
    return format_html('<span class="pf-fixed">{}</span>', words)
