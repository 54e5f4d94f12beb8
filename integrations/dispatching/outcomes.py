"""How an attempt that did not succeed gives its dispatch back."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.errors import DomainError
from integrations.dispatching.approval import NeedsApproval
from integrations.dispatching.circuit import slow_down
from integrations.dispatching.claims import Claim, finish
from integrations.dispatching.joint import settle_parts
from integrations.dispatching.policy import current_policy
from integrations.dispatching.records import locked_order, told_of_part
from integrations.dispatching.too_late import void_late_cancels
from integrations.errors import CannotSay
from integrations.models import AttemptOutcome, Dispatch, DispatchKind, DispatchState
from integrations.platforms.errors import (
    Busy,
    OutOfBudget,
    Paused,
    PlatformError,
    RateLimited,
    Refused,
)
from orders.models import Order, OrderStatus
from orders.services.history import write_event

# Not the platform's failure, and not the order's: they change nothing but the time.
_HELD_BACK = (OutOfBudget, Paused, Busy)
_CAN_BECOME_A_PROBLEM = frozenset(
    {OrderStatus.ROUTED, OrderStatus.SENDING, OrderStatus.SENT, OrderStatus.READY}
)


def settle_platform_error(claim: Claim, error: PlatformError) -> None:
    """Wait, doubt or ask a person, as the error says."""
    if isinstance(error, RateLimited) and error.retry_after:
        slow_down(claim.dispatch.platform, error.retry_after)
    is_in_doubt = error.is_ambiguous and _has_doubted_call(claim)
    is_worth_a_try = error.is_retryable or error.is_ambiguous
    if is_worth_a_try and not _is_hopeless(claim, error):
        (_doubt if is_in_doubt else _later)(claim, error)
    else:
        if is_in_doubt:
            claim.dispatch.refresh_from_db(fields=["doubted_at", "doubts"])
        sentence = _given_up(claim, error) if is_worth_a_try else _refusal(claim, error)
        ask_for_help(claim, error.code, sentence, words=error.words, status=error.status)


def _refusal(claim: Claim, error: PlatformError) -> str:
    """What to correct and send again is said of what is to be sent, not of what is called back."""
    if claim.dispatch.kind != DispatchKind.CANCEL or error.code != Refused.code:
        return str(error)
    return (
        f"{error.said} If its parcel is on its way, ask the carrier to return it: this ends by "
        "itself with the first scan. Else remove what stands against it there, then retry."
    )


def _given_up(claim: Claim, error: PlatformError) -> str:
    """The error without its promise to try again."""
    fact = str(error).removesuffix(error.next_step).strip()
    times = claim.dispatch.setbacks + 1
    return f"{fact} It failed {times} times in a row. Look at the platform's page, then retry."


def settle_domain_error(claim: Claim, error: DomainError) -> None:
    """Our own rows or rules said no: a person must act."""
    asked = error.asked if isinstance(error, NeedsApproval) else {}
    missing = error.missing if isinstance(error, CannotSay) else ""
    ask_for_help(claim, error.code, str(error), asked=asked, missing=missing)


def _has_doubted_call(claim: Claim) -> bool:
    """True when this attempt made a call that must not be made twice unproved."""
    now = Dispatch.objects.values_list("doubted_at", flat=True).get(pk=claim.dispatch.pk)
    return now is not None and now != claim.dispatch.doubted_at


def _is_hopeless(claim: Claim, error: PlatformError) -> bool:
    if isinstance(error, (*_HELD_BACK, RateLimited)):
        return False
    return claim.dispatch.setbacks + 1 >= current_policy().most_setbacks


def _doubt(claim: Claim, error: PlatformError) -> None:
    """The fresh `doubted_at` stays as the call left it."""
    finish(
        claim,
        AttemptOutcome.UNKNOWN,
        status=error.status,
        code=error.code,
        message=str(error),
        state=DispatchState.UNKNOWN,
        next_attempt_at=_in(current_policy().doubt_waits[0]),
        excused=F("excused") + 1,
        setbacks=F("setbacks") + 1,
        doubts=0,
        **_said(error),
    )


def _later(claim: Claim, error: PlatformError) -> None:
    dispatch, policy = claim.dispatch, current_policy()
    is_setback = int(not isinstance(error, _HELD_BACK))
    if is_setback:
        pause = policy.pause_after(dispatch.setbacks, error.retry_after)
    else:
        pause = (error.retry_after or policy.first_pause) * policy.chance.uniform(1.0, 1.2)
    finish(
        claim,
        AttemptOutcome.LATER,
        status=error.status,
        code=error.code,
        message=str(error),
        **_as_before(dispatch),
        next_attempt_at=_in(pause),
        excused=F("excused") + 1,
        setbacks=F("setbacks") + is_setback,
        **_said(error),
    )


def wait_in_doubt(claim: Claim, wait: float, doubts: int) -> None:
    """A look-up found nothing: look again after `wait` seconds."""
    dispatch = claim.dispatch
    finish(
        claim,
        AttemptOutcome.UNKNOWN,
        code="still_in_doubt",
        message=f"Not found at {dispatch.get_platform_display()}; looked {doubts} times.",
        state=DispatchState.UNKNOWN,
        next_attempt_at=_in(wait),
        excused=F("excused") + 1,
        doubted_at=dispatch.doubted_at,
        doubts=doubts,
    )


def wait_for_hold(claim: Claim) -> None:
    sentence = "The order is on hold. It goes on by itself once the hold is released."
    finish(
        claim,
        AttemptOutcome.LATER,
        code="on_hold",
        message=sentence,
        **_as_before(claim.dispatch),
        next_attempt_at=_in(current_policy().hold_pause),
        excused=F("excused") + 1,
        error_code="on_hold",
        error=sentence,
    )


def step_back(claim: Claim) -> None:
    """Another process is still on this order: leave it to that one for now."""
    finish(
        claim,
        AttemptOutcome.LATER,
        code="order_in_hand",
        message="Another process is still working on this order.",
        **_as_before(claim.dispatch),
        next_attempt_at=_in(current_policy().busy_pause),
        excused=F("excused") + 1,
    )


def give_up(claim: Claim) -> None:
    """Our order was cancelled, and nothing can be there: the promise is void."""
    finish(
        claim,
        AttemptOutcome.DONE,
        state=DispatchState.CANCELLED,
        done_at=timezone.now(),
        error="The order was cancelled before it was sent.",
    )


@transaction.atomic
def ask_for_help(
    claim: Claim,
    code: str,
    sentence: str,
    *,
    words: str = "",
    status: int | None = None,
    missing: str = "",
    asked: dict[str, Any] | None = None,
) -> None:
    """Park the dispatch for a person, and say so on the order."""
    dispatch = claim.dispatch
    doubt = {"doubted_at": dispatch.doubted_at, "doubts": dispatch.doubts}
    finish(
        claim,
        AttemptOutcome.HELP,
        status=status,
        code=code,
        message=sentence,
        state=DispatchState.NEEDS_HELP,
        error_code=code[:40],
        error=sentence[:1000],
        platform_words=words[:1000],
        missing=missing[:100],
        asked=asked or {},
        **doubt,
    )
    order = locked_order(dispatch)
    if order.parcels > 1:
        _ask_for_part(order, dispatch, sentence)
    elif order.status in _CAN_BECOME_A_PROBLEM:
        order.move_to(
            OrderStatus.PROBLEM,
            sentence[:1000],
            details={"dispatch": dispatch.pk},
            problem=sentence[:500],
        )
    else:
        write_event(order, "dispatch", sentence, dispatch=dispatch.pk)
    if dispatch.kind == DispatchKind.CANCEL:
        void_late_cancels(order)


def _ask_for_part(order: Order, dispatch: Dispatch, sentence: str) -> None:
    """The problem names the part; what asks nobody to act is in the history at least."""
    settle_parts(order, dispatch=dispatch.pk)
    told = told_of_part(order, dispatch, sentence)
    if order.status != OrderStatus.PROBLEM or told[:60] not in order.problem:
        write_event(order, "dispatch", told, dispatch=dispatch.pk)


def _as_before(dispatch: Dispatch) -> dict[str, Any]:
    """A call that certainly did nothing leaves the doubt as it was."""
    in_doubt = dispatch.doubted_at is not None
    return {
        "state": DispatchState.UNKNOWN if in_doubt else DispatchState.WAITING,
        "doubted_at": dispatch.doubted_at,
        "doubts": dispatch.doubts,
    }


def _said(error: PlatformError) -> dict[str, str]:
    return {
        "error_code": error.code[:40],
        "error": str(error)[:1000],
        "platform_words": error.words[:1000],
    }


def _in(seconds: float) -> Any:
    return timezone.now() + timedelta(seconds=seconds)
