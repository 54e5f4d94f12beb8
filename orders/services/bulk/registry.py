"""What a bulk action is. settings.BULK_ACTIONS names them all, in the order of the menu."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from core.errors import DomainError
from orders.models import BulkResult, Order
from orders.services.bulk.errors import UnknownAction

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order; anything but DONE needs a sentence."""

    result: BulkResult
    message: str = ""


DONE = Outcome(BulkResult.DONE)
ActMany = Callable[[Sequence[Order], Parameters], Mapping[int, Outcome]]
Forecast = list[tuple[str, int]]


def refused(message: str) -> Outcome:
    return Outcome(BulkResult.REFUSED, message)


def no_forecast(_orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    return []


def no_costs(_orders: QuerySet[Order]) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """One choice in the order list's menu.

    `act_many` gets at most `chunk` orders and the cleaned form values as JSON holds them, and
    answers for each order by its id. It is called inside the transaction that also keeps its
    answers, so it needs none of its own, calls no network, and may be called again after a crash.
    `forecast` counts by cheap queries what will be refused: (sentence about them, how many).
    `costs` says in sentences what the others will take, as in calls of a platform.
    `done_word` is what staff read for DONE; `may_wait` says that it may leave orders in REVIEW.
    """

    name: str
    label: str
    permission: str
    act_many: ActMany
    form: str = "core.staff.forms.StaffForm"
    question: str = ""
    forecast: Callable[[QuerySet[Order], Parameters], Forecast] = no_forecast
    costs: Callable[[QuerySet[Order]], list[str]] = no_costs
    chunk: int = 100
    done_word: str = "Done"
    may_wait: bool = False


def one_by_one(act: Callable[[Order, Parameters], str | None]) -> ActMany:
    """Make `act_many` of a function for one order, which may return a sentence about it.

    A DomainError undoes and refuses that order only.
    """

    def act_many(orders: Sequence[Order], parameters: Parameters) -> dict[int, Outcome]:
        if len(orders) == 1:
            # The caller's own savepoint and its own ear for a DomainError are enough.
            return {orders[0].pk: Outcome(BulkResult.DONE, act(orders[0], parameters) or "")}
        return {order.pk: _outcome(order, parameters) for order in orders}

    def _outcome(order: Order, parameters: Parameters) -> Outcome:
        try:
            with transaction.atomic():
                return Outcome(BulkResult.DONE, act(order, parameters) or "")
        except DomainError as error:
            return refused(str(error))

    return act_many


def bulk_actions() -> list[BulkAction]:
    return [_action_at(path) for path in settings.BULK_ACTIONS]


def action_named(name: str) -> BulkAction:
    """Raises UnknownAction."""
    for action in bulk_actions():
        if action.name == name:
            return action
    raise UnknownAction(name)


@cache
def _action_at(path: str) -> BulkAction:
    action = import_string(path)
    if not isinstance(action, BulkAction):
        raise TypeError(f"{path} in BULK_ACTIONS is not a bulk action.")
    return action
