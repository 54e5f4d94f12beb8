"""What routing would decide now, with nothing written: for the page, the form and the API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from orders.models import Order, OrderLine, OrderStatus, Reservation, ReservationState
from routing.result import Decision
from routing.services.batch import Batch
from routing.services.orders import Loaded, facts_of, load_orders
from routing.services.rules import ruleset_in_force
from warehouses.zips import find_zips


def weigh(order: Order, *, now: datetime | None = None) -> Decision:
    """The decision as if the order had no route yet.

    Raises Order.DoesNotExist, NoRulesetInForce.
    """
    return _weigh(_loaded(order), now)


def recommend(order: Order, *, now: datetime | None = None) -> Decision:
    """The same without its pins: every candidate, beside what a person chose."""
    loaded = _loaded(order)
    free = replace(loaded.facts, pinned_warehouse="", pinned_service="")
    return _weigh(replace(loaded, facts=free), now)


def weigh_unsaved(
    order: Order, lines: Sequence[OrderLine], *, now: datetime | None = None
) -> Decision:
    """The decision for an order that is not in the database. Raises NoRulesetInForce."""
    zips = find_zips({order.postal_code[:5]})
    return _weigh(Loaded(order, list(lines), facts_of(order, lines, zips)), now)


def _loaded(order: Order) -> Loaded:
    for loaded in load_orders([order.pk]):
        return loaded
    raise Order.DoesNotExist


def _weigh(loaded: Loaded, now: datetime | None) -> Decision:
    batch = Batch.of([loaded], ruleset_in_force(), now or timezone.now())
    _let_go(batch, loaded.order)
    return batch.decide(loaded).decision


def _let_go(batch: Batch, order: Order) -> None:
    """What the order itself holds would be free for it again."""
    if order._state.adding:
        return
    held: Counter[tuple[str, str]] = Counter()
    rows = Reservation.objects.filter(line__order=order, state=ReservationState.OPEN)
    columns = ("level__warehouse__code", "level__product__sku", "quantity")
    for place, sku, units in rows.order_by().values_list(*columns):
        held[place, sku.upper()] += units
    for (place, sku), units in held.items():
        stock = batch.network.stock_of(place, sku)
        batch.network.set_stock(place, sku, replace(stock, reserved=stock.reserved - units))
    if order.status == OrderStatus.ROUTED and order.warehouse:
        code = order.warehouse.code
        batch.network.loads[code] = max(0, batch.network.load_of(code) - 1)
