"""What a list of orders may be asked for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework import exceptions
from rest_framework.request import Request

from orders.attention import open_errors, open_holds
from orders.models import Order, OrderStatus

_OF_PAGES = frozenset({"cursor", "page_size"})


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """A misspelt filter would answer with everything. Raises ValidationError."""
    names = sorted({*known, *_OF_PAGES})
    unknown = [name[:60] for name in request.query_params if name not in names]
    if unknown:
        sentence = f"There is no such parameter. There are: {', '.join(names)}."
        raise exceptions.ValidationError(dict.fromkeys(unknown[:10], sentence))


def _plausible(moment: datetime) -> None:
    """Moments that fall off the calendar in another time zone break databases."""
    if not 1900 <= moment.year <= 9000:
        raise ValidationError("Give a year from 1900 to 9000.")


class OrderFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(
        choices=OrderStatus, help_text="May be given several times."
    )
    source = django_filters.CharFilter(max_length=50)
    number = django_filters.CharFilter(max_length=64, help_text="The whole number.")
    created_after = django_filters.IsoDateTimeFilter(
        field_name="created_at",
        lookup_expr="gte",
        validators=[_plausible],
        help_text="Then or later.",
    )
    created_before = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt", validators=[_plausible], help_text="Earlier."
    )
    promise_before = django_filters.DateFilter(
        field_name="promise_date", lookup_expr="lt", help_text="Promised for an earlier day."
    )
    has_errors = django_filters.BooleanFilter(
        method="keep_with_errors", help_text="Has an open error finding."
    )
    on_hold = django_filters.BooleanFilter(method="keep_held", help_text="Has an open hold.")
    country = django_filters.CharFilter(max_length=2, help_text="As in US.")
    state = django_filters.CharFilter(max_length=100, help_text="As in NV.")
    warehouse = django_filters.CharFilter(field_name="warehouse__code", max_length=40)
    service = django_filters.CharFilter(field_name="service__code", max_length=60)
    q = django_filters.CharFilter(
        method="search",
        max_length=100,
        help_text="A part of the number, the recipient's name or the e-mail address.",
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def keep_with_errors(self, orders: QuerySet[Order], _name: str, wanted: Any) -> Any:
        return orders.filter(open_errors() if wanted else ~open_errors())

    def keep_held(self, orders: QuerySet[Order], _name: str, wanted: Any) -> Any:
        return orders.filter(open_holds() if wanted else ~open_holds())

    def search(self, orders: QuerySet[Order], _name: str, wanted: str) -> Any:
        found = Q(number__icontains=wanted) | Q(recipient_name__icontains=wanted)
        return orders.filter(found | Q(email__icontains=wanted))
