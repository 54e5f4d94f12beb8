"""Filters of the order lists."""

from django.contrib import admin
from django.utils import timezone

from orders.attention import open_errors, open_holds
from orders.models import OrderStatus


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
