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
BULK_STATE_LABELS = {
    "waiting": "default",
    "running": "primary",
    "done": "success",
    "cancelled": "default",
    "failed": "danger",
}
BULK_RESULT_LABELS = {
    "pending": "default",
    "done": "success",
    "review": "info",
    "refused": "warning",
    "failed": "danger",
}
