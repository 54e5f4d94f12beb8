"""Colours of states, the same on every page."""

STATE_LABELS = {
    "draft": "info",
    "scheduled": "warning",
    "published": "success",
    "archived": "default",
}
SIMULATION_LABELS = {
    "waiting": "info",
    "running": "primary",
    "done": "success",
    "cancelled": "default",
    "failed": "danger",
}
