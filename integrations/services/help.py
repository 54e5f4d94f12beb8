"""A person has helped: what waited for them goes on."""

from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from integrations.dispatching.records import settle_and_tell, told_of_part
from integrations.errors import NeedsAReason, NothingAsked, NotWaitingForHelp
from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.tasks import poke
from orders.models import Order, OrderStatus
from orders.services.history import take_turn, write_event


@transaction.atomic
def retry_dispatch(dispatch: Dispatch) -> Dispatch:
    """Let a dispatch that needs help try again from the start. Raises NotWaitingForHelp."""
    order = _turn_of(dispatch)
    _go_on(dispatch, order, "Tried again.")
    return dispatch


@transaction.atomic
def approve_dispatch(dispatch: Dispatch, reason: str) -> Dispatch:
    """Allow what the dispatch asks, no more, and let it go on.

    Raises NeedsAReason, NothingAsked, NotWaitingForHelp.
    """
    if not reason.strip():
        raise NeedsAReason("Approving")
    order = _turn_of(dispatch)
    if not dispatch.asked:
        raise NothingAsked(str(dispatch))
    allowed = dispatch.allowed | dispatch.asked
    _go_on(dispatch, order, f"Approved: {dispatch.error} Because: {reason.strip()}", allowed)
    return dispatch


def _turn_of(dispatch: Dispatch) -> Order:
    order = Order.objects.get(pk=dispatch.order_id)
    take_turn(order)
    order.refresh_from_db()
    dispatch.refresh_from_db()
    return order


def _go_on(
    dispatch: Dispatch, order: Order, told: str, allowed: dict[str, Any] | None = None
) -> None:
    waiting = Dispatch.objects.filter(pk=dispatch.pk, state=DispatchState.NEEDS_HELP)
    # What is in doubt stays so: only a look-up may settle it.
    state = Case(
        When(doubted_at__isnull=False, then=Value(DispatchState.UNKNOWN)),
        default=Value(DispatchState.WAITING),
    )
    if not waiting.update(
        state=state,
        excused=F("attempts"),
        setbacks=0,
        next_attempt_at=timezone.now(),
        error_code="",
        error="",
        platform_words="",
        missing="",
        asked={},
        allowed=dispatch.allowed if allowed is None else allowed,
    ):
        raise NotWaitingForHelp(str(dispatch), dispatch.get_state_display())
    dispatch.refresh_from_db()
    _tell(dispatch, order, told)
    poke(dispatch.platform)


def _tell(dispatch: Dispatch, order: Order, told: str) -> None:
    if order.parcels > 1:
        settle_and_tell(order, told_of_part(order, dispatch, told), dispatch=dispatch.pk)
        return
    goes_on = dispatch.kind != DispatchKind.CANCEL and order.status == OrderStatus.PROBLEM
    if goes_on:
        details = {"dispatch": dispatch.pk}
        order.move_to(OrderStatus.SENDING, told[:1000], details=details, problem="")
    else:
        write_event(order, "dispatch", told, dispatch=dispatch.pk)
