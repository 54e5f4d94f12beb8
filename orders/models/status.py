"""The life of an order on one screen. Only Order.move_to() changes a status."""

from django.db import models


class OrderStatus(models.TextChoices):
    NEW = "new", "New"
    NEEDS_REVIEW = "needs_review", "Needs review"
    READY = "ready", "Ready"
    ROUTED = "routed", "Routed"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    PROBLEM = "problem", "Problem"
    CANCELLED = "cancelled", "Cancelled"


S = OrderStatus
NEXT_STATUSES: dict[OrderStatus, frozenset[OrderStatus]] = {
    S.NEW: frozenset({S.NEEDS_REVIEW, S.READY, S.CANCELLED}),
    # A reviewer may approve the prepared decision, which routes the order.
    S.NEEDS_REVIEW: frozenset({S.READY, S.ROUTED, S.CANCELLED}),
    S.READY: frozenset({S.NEEDS_REVIEW, S.ROUTED, S.PROBLEM, S.CANCELLED}),
    # Back to ready is unrouting.
    S.ROUTED: frozenset({S.READY, S.NEEDS_REVIEW, S.SENDING, S.PROBLEM, S.CANCELLED}),
    # Back to routed only when a look-up has proved that the platform does not have it.
    S.SENDING: frozenset({S.SENT, S.ROUTED, S.PROBLEM, S.CANCELLED}),
    # Back to ready after a cancellation at the platform, to be routed again.
    S.SENT: frozenset({S.SHIPPED, S.DELIVERED, S.READY, S.PROBLEM, S.CANCELLED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.PROBLEM}),
    S.DELIVERED: frozenset({S.PROBLEM}),
    S.PROBLEM: frozenset(
        {
            S.NEEDS_REVIEW,
            S.READY,
            S.ROUTED,
            S.SENDING,
            S.SENT,
            S.SHIPPED,
            S.DELIVERED,
            S.CANCELLED,
        }
    ),
    S.CANCELLED: frozenset(),
}

EDITABLE = frozenset({S.NEW, S.NEEDS_REVIEW, S.READY, S.PROBLEM})
"""Statuses in which staff may change the recipient and the lines."""

OPEN = frozenset(set(S) - {S.DELIVERED, S.CANCELLED})
