"""Conditions on an order that lists are filtered by, without a join that would multiply rows."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from orders.models import Finding, Hold


def open_holds() -> Exists:
    """True for an order with a hold that is neither released nor over."""
    now = timezone.now()
    over = Q(until__isnull=False, until__lte=now)
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None).exclude(over))


def open_errors() -> Exists:
    """True for an order with an open error finding."""
    return Exists(Finding.objects.filter(order=OuterRef("pk"), state="open", severity="error"))
