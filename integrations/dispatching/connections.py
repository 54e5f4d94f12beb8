"""The adapters of this process: before each call pace, breaker and lease; after it the log."""

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from core.correlation import correlation_id
from integrations.dispatching.circuit import check_open, note_call
from integrations.dispatching.claims import Claim, renew
from integrations.dispatching.locks import OrderLock
from integrations.dispatching.pacing import wait_for_budget
from integrations.models import ApiCall, Retention
from integrations.platforms import connect
from integrations.platforms.base import Account, Platform
from integrations.platforms.calls import Call, CallRecord, Hooks, Purpose

logger = logging.getLogger(__name__)

# What may have happened twice when its answer is lost: a look-up must settle it first.
_DOUBTFUL = frozenset({Purpose.CREATE, Purpose.LABEL})
_no_deadline = float("inf")


@dataclass(slots=True)
class Work:
    """What the calls of this moment are for."""

    claim: Claim
    lock: OrderLock
    deadline: float = field(default=_no_deadline)
    """time.monotonic() after which no call waits for budget."""


current_work: ContextVar[Work | None] = ContextVar("current_work", default=None)
_in_background: ContextVar[bool] = ContextVar("in_background", default=False)
_current_order: ContextVar[int | None] = ContextVar("current_order", default=None)
_kept = threading.local()


@contextmanager
def in_background() -> Iterator[None]:
    """Every call of this stretch, whatever its purpose, leaves half of the budget to orders."""
    mark = _in_background.set(True)
    try:
        yield
    finally:
        _in_background.reset(mark)


def platform_named(kind: str) -> Platform:
    """This thread's adapter of a platform. Raises BadCredentials, ValueError."""
    account = account_of(kind)
    key = (kind, account.base_url, account.credential, account.channel_id)
    kept: dict[tuple[str, ...], Platform] = _kept.__dict__.setdefault("platforms", {})
    if key not in kept:
        hooks = Hooks(before_call=before_call, observe=observe)
        kept[key] = connect(kind, account, hooks, settings.VERSION)
    return kept[key]


@contextmanager
def calls_about(orders: Collection[int]) -> Iterator[None]:
    """Calls in the block are logged with the order they are about, where it is a single one."""
    mark = _current_order.set(next(iter(orders)) if len(orders) == 1 else None)
    try:
        yield
    finally:
        _current_order.reset(mark)


def account_of(kind: str) -> Account:
    """Raises ValueError for an unknown platform."""
    match kind:
        case "veeqo":
            return Account(
                settings.VEEQO_BASE_URL, settings.VEEQO_API_KEY, settings.VEEQO_CHANNEL_ID
            )
        case "easyship":
            return Account(settings.EASYSHIP_BASE_URL, settings.EASYSHIP_API_TOKEN)
        case _:
            raise ValueError(f"No platform is called {kind!r}.")


def before_call(call: Call) -> None:
    """Let the call go, or raise Paused, OutOfBudget, LeaseLost or LockLost: nothing is sent then.

    The last thing done is to write down that a doubtful call is about to be made.
    """
    work = current_work.get()
    check_open(call.platform)
    deadline = work.deadline if work else _no_deadline
    wait_for_budget(
        call, deadline, serves_an_order=work is not None, in_background=_in_background.get()
    )
    if work is None:
        return
    doubtful = call.writes and call.purpose in _DOUBTFUL
    renew(work.claim, **({"doubted_at": timezone.now(), "doubts": 0} if doubtful else {}))
    work.lock.check()


def observe(record: CallRecord) -> None:
    """Keep the call in the request log and learn how the platform fares.

    The call is made by now, so a database that is away must not look like a failed call.
    """
    try:
        _log(record)
        note_call(record.call.platform, record.outcome)
    except DatabaseError:
        logger.exception("a platform call could not be logged")


def _log(record: CallRecord) -> None:
    work = current_work.get()
    dispatch = work.claim.dispatch if work else None
    order_id = dispatch.order_id if dispatch else _current_order.get()
    ApiCall.objects.create(
        platform=record.call.platform,
        correlation_id=correlation_id.get(),
        order_id=order_id,
        dispatch=dispatch,
        purpose=record.call.purpose,
        method=record.call.method,
        path=record.call.path[:300],
        status=record.status,
        outcome=record.outcome,
        milliseconds=record.milliseconds,
        request_excerpt=record.request_excerpt,
        response_excerpt=record.response_excerpt,
        retention=_retention(record),
    )


def _retention(record: CallRecord) -> Retention:
    if record.outcome != "ok":
        return Retention.FAILURE
    return Retention.WRITE if record.call.writes else Retention.READ
