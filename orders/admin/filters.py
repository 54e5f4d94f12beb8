"""Filters of the order lists."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from orders.models import Finding, Hold, OrderStatus


def open_holds() -> Exists:
    """True for an order with a hold that is neither released nor over."""
    now = timezone.now()
    over = Q(until__isnull=False, until__lte=now)
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None).exclude(over))


def open_errors() -> Exists:
    """True for an order with an open error finding."""
    return Exists(Finding.objects.filter(order=OuterRef("pk"), state="open", severity="error"))


class AttentionFilter(admin.SimpleListFilter):
    title = "attention"
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return [
            ("review", "Needs review"),
            ("problem", "Problem"),
            ("held", "On hold"),
            ("errors", "Has errors"),
            ("late", "Past its promise"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "review":
                return queryset.filter(status=OrderStatus.NEEDS_REVIEW)
            case "problem":
                return queryset.filter(status=OrderStatus.PROBLEM)
            case "held":
                return queryset.filter(open_holds())
            case "errors":
                return queryset.filter(open_errors())
            case "late":
                today = timezone.localdate()
                return queryset.open().filter(promise_date__lt=today)
        return queryset
