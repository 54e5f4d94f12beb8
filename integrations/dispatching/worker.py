"""The worker: takes a due dispatch, works on it, gives it back. Any number may run."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from core.correlation import correlation_id, new_correlation_id
from core.errors import DomainError
from integrations.dispatching import outcomes
from integrations.dispatching.circuit import blocked_until
from integrations.dispatching.claims import Claim, LeaseLost, claim_next, next_due
from integrations.dispatching.connections import Work, current_work, platform_named
from integrations.dispatching.locks import LockLost, OrderLock, order_lock
from integrations.dispatching.steps import (
    Attempt,
    OnHoldNow,
    OrderGone,
    StillInDoubt,
    perform,
)
from integrations.models import Dispatch, DispatchState
from integrations.platforms.errors import PlatformError
from orders.models import Order

logger = logging.getLogger(__name__)

_FOREVER = float("inf")
_LONGEST_NAP = 1.0
_GRACE_SECONDS = 12.0
"""What was begun in time may wait for budget a little past the end of the run."""


@dataclass(slots=True)
class Tally:
    """What a run has done: dispatches by the state they were left in."""

    attempts: int = 0
    done: int = 0
    waiting: int = 0
    unknown: int = 0
    needs_help: int = 0
    lost: int = 0

    def count(self, state: str | None) -> None:
        self.attempts += 1
        name = state if state in ("done", "waiting", "unknown", "needs_help") else None
        if state is None:
            self.lost += 1
        elif name:
            setattr(self, name, getattr(self, name) + 1)


def work_until_idle(
    platform: str, *, patience: float = _FOREVER, seconds: float = _FOREVER
) -> Tally:
    """Work on the platform's dispatches until none waits, or the next is further off than patience.

    `seconds` limits the whole run: no attempt begins after it. A paused platform ends the run.
    """
    tally, end = Tally(), time.monotonic() + seconds
    while time.monotonic() < end:
        nap = _pause_needed(platform)
        if nap is None or nap > min(patience, end - time.monotonic()):
            break
        if nap > 0:
            time.sleep(min(nap, _LONGEST_NAP))
            continue
        claim = claim_next(platform)
        if claim is not None:
            tally.count(work_on(claim, end + _GRACE_SECONDS))
    return tally


def work_once(platform: str) -> Dispatch | None:
    """One attempt at the most urgent due dispatch; None when nothing is due or may be called."""
    if _pause_needed(platform) != 0:
        return None
    claim = claim_next(platform)
    if claim is None:
        return None
    work_on(claim)
    return Dispatch.objects.get(pk=claim.dispatch.pk)


def _pause_needed(platform: str) -> float | None:
    """Seconds until the next dispatch may be taken; None when none waits or somebody paused it."""
    due = next_due(platform)
    if due is None:
        return None
    now = timezone.now()
    blocked = blocked_until(platform, now)
    if blocked is not None and blocked.year > now.year + 1:
        return None
    return max(0.0, (max(due, blocked or due) - now).total_seconds())


def work_on(claim: Claim, deadline: float = _FOREVER) -> str | None:
    """Make one attempt; the state the dispatch is left in, None when it is no longer ours."""
    mark = correlation_id.set(claim.dispatch.correlation_id or new_correlation_id())
    try:
        with order_lock(claim.dispatch.order_id) as lock:
            _attempt(claim, lock, deadline)
    except (LeaseLost, LockLost):
        logger.warning("a dispatch was lost to another worker", extra={"id": claim.dispatch.pk})
        return None
    finally:
        correlation_id.reset(mark)
    return str(claim.dispatch.state)


def _attempt(claim: Claim, lock: OrderLock | None, deadline: float) -> None:
    if lock is None:
        outcomes.step_back(claim)
    elif _is_worn_out(claim.dispatch):
        outcomes.ask_for_help(claim, "worker_lost", _worn_out(claim.dispatch))
    else:
        _perform(claim, lock, deadline)


def _perform(claim: Claim, lock: OrderLock, deadline: float) -> None:
    try:
        with _working(Work(claim, lock, deadline)):
            order = Order.objects.select_related("warehouse", "service__carrier").get(
                pk=claim.dispatch.order_id
            )
            perform(Attempt(claim, platform_named(claim.dispatch.platform), order))
    except PlatformError as error:
        outcomes.settle_platform_error(claim, error)
    except StillInDoubt as doubt:
        outcomes.wait_in_doubt(claim, doubt.wait, doubt.doubts)
    except OnHoldNow:
        outcomes.wait_for_hold(claim)
    except OrderGone:
        outcomes.give_up(claim)
    except DomainError as error:
        outcomes.settle_domain_error(claim, error)


@contextmanager
def _working(work: Work) -> Iterator[None]:
    mark = current_work.set(work)
    try:
        yield
    finally:
        current_work.reset(mark)


def _is_worn_out(dispatch: Dispatch) -> bool:
    """This attempt is counted already."""
    return dispatch.attempts - dispatch.excused > dispatch.max_attempts


def _worn_out(dispatch: Dispatch) -> str:
    return (
        f"Work on this broke off {dispatch.max_attempts} times without an end. "
        "Tell your administrator, then retry."
    )


def waiting_count(platform: str) -> int:
    """How many dispatches are neither done nor waiting for a person."""
    open_states = [DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN]
    return Dispatch.objects.filter(platform=platform, state__in=open_states).count()
