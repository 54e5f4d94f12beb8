"""Colours of statuses and severities, the same on every page."""

STATUS_LABELS = {
    "new": "info",
    "needs_review": "warning",
    "ready": "primary",
    "routed": "primary",
    "sending": "primary",
    "sent": "info",
    "shipped": "success",
    "delivered": "success",
    "problem": "danger",
    "cancelled": "default",
}
SEVERITY_LABELS = {"error": "danger", "warning": "warning", "info": "info"}
