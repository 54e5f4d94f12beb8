"""What routing would decide now, with nothing written: for the page, the form and the API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from orders.models import Order, OrderLine, OrderStatus, Reservation, ReservationState
from routing.decision import decide
from routing.effects import PreparedRules
from routing.facts import OrderFacts
from routing.result import Decision
from routing.rules import FORBID, REQUIRE
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
    """The same without its pins: what routing itself would choose."""
    loaded = _loaded(order)
    return _weigh(replace(loaded, facts=_unpinned(loaded.facts)), now)


@dataclass(frozen=True, slots=True)
class Options:
    """What routing would choose, and every candidate a person may choose instead.

    In `possible` nothing is shut out by rules or wishes: a pin stands above both.
    """

    recommended: Decision
    possible: Decision


def options(order: Order, *, now: datetime | None = None) -> Options:
    """Every way the order could go. Raises Order.DoesNotExist, NoRulesetInForce."""
    loaded = _loaded(order)
    batch = _batch(loaded, now)
    facts = _unpinned(loaded.facts)
    wishless = replace(facts, wanted_carrier="", wanted_service="", wanted_warehouse_state="")
    return Options(
        decide(facts, batch.network, batch.rules, batch.now),
        decide(wishless, batch.network, _shutting_nothing_out(batch.rules), batch.now),
    )


def _unpinned(facts: OrderFacts) -> OrderFacts:
    return replace(facts, pinned_warehouse="", pinned_service="")


def _shutting_nothing_out(rules: PreparedRules) -> PreparedRules:
    questions = [
        (replace(rule, outcomes=tuple(o for o in rule.outcomes if o.action not in _BARS)), asked)
        for rule, asked in rules.questions
    ]
    return replace(rules, questions=questions)


_BARS = (REQUIRE, FORBID)


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
    batch = _batch(loaded, now)
    return decide(loaded.facts, batch.network, batch.rules, batch.now)


def _batch(loaded: Loaded, now: datetime | None) -> Batch:
    batch = Batch.of([loaded], ruleset_in_force(), now or timezone.now())
    _let_go(batch, loaded.order)
    return batch


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
