"""Which orders a run is for, frozen when it is asked for."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.db.models import Max, QuerySet
from django.http import HttpRequest, QueryDict

from orders.models import BulkRun, BulkRunRow, BulkSelection, Order
from orders.models.bulk import FAILURES
from orders.services.bulk.errors import SelectionBroken


@dataclass(frozen=True, slots=True)
class TickedOrders:
    """These orders."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilteredOrders:
    """All orders the list shows for this query string, up to the highest id at the time."""

    query: str
    highest_id: int


Selection = TickedOrders | FilteredOrders


def highest_order_id() -> int:
    return Order.objects.aggregate(highest=Max("pk"))["highest"] or 0


def orders_of(selection: Selection, person: User) -> QuerySet[Order]:
    """Raises SelectionBroken."""
    if isinstance(selection, TickedOrders):
        return Order.objects.filter(pk__in=selection.ids)
    shown = _orders_shown(selection.query, person)
    return shown.filter(pk__lte=selection.highest_id)


def pairs_of(run: BulkRun) -> QuerySet[Any, tuple[int, str]]:
    """Id and number of every order a run is still to collect, by id. Raises SelectionBroken."""
    if run.selection == BulkSelection.FAILURES:
        rows = BulkRunRow.objects.filter(run=run.parent_id, result__in=FAILURES)
        rows = rows.filter(order__gt=run.collected_up_to)
        return rows.order_by("order").values_list("order_id", "label")
    orders = orders_of(FilteredOrders(run.query, run.highest_id or 0), run.actor)
    orders = orders.filter(pk__gt=run.collected_up_to)
    return orders.order_by("pk").values_list("pk", "number")


def _orders_shown(query: str, person: User) -> QuerySet[Order]:
    """Ask the order list itself, so that a run gets exactly what the person saw."""
    page = admin.site.get_model_admin(Order)
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), person
    try:
        found = page.get_changelist_instance(request).get_queryset(request)
    except (IncorrectLookupParameters, SuspiciousOperation) as error:
        raise SelectionBroken() from error
    # Without an order of its own: nobody looks at it, and a sort of a million is not free.
    return found.order_by()
