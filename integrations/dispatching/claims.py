"""Taking a dispatch, keeping it, and giving it back: each by one conditional UPDATE."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone

from integrations.dispatching.policy import current_policy
from integrations.models import (
    AttemptOutcome,
    Dispatch,
    DispatchAttempt,
    DispatchKind,
    DispatchState,
)

_CANDIDATES = 5


class LeaseLost(Exception):
    """Somebody else holds the dispatch by now: write nothing, call nobody."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A dispatch in our hands; `was` is the state it was found in."""

    dispatch: Dispatch
    token: str
    was: DispatchState

    @property
    def broke_off(self) -> bool:
        """The worker before us fell silent."""
        return self.was == DispatchState.SENDING

    def mine(self) -> Any:
        """The row, while it is ours."""
        return Dispatch.objects.filter(
            pk=self.dispatch.pk, state=DispatchState.SENDING, lease_token=self.token
        )


def next_due(platform: str) -> datetime | None:
    """When the next dispatch of the platform may be taken; None when none waits."""
    now = timezone.now()
    if Dispatch.objects.due(platform, now).exists():
        return now
    waiting = Dispatch.objects.filter(platform=platform)
    moments = (
        waiting.filter(state__in=[DispatchState.WAITING, DispatchState.UNKNOWN])
        .order_by("next_attempt_at")
        .values_list("next_attempt_at", flat=True)
        .first(),
        waiting.filter(state=DispatchState.SENDING)
        .order_by("lease_until")
        .values_list("lease_until", flat=True)
        .first(),
    )
    return min((moment for moment in moments if moment), default=None)


def claim_next(platform: str) -> Claim | None:
    """Take one due dispatch: labels first, then who has waited longest.

    The attempt is counted here, so that one that kills its worker is counted, too.
    """
    now = timezone.now()
    with transaction.atomic():
        due = Dispatch.objects.due(platform, now).order_by(_urgency(), "next_attempt_at", "id")
        for found in due.select_for_update(skip_locked=True)[:_CANDIDATES]:
            if claim := _claim(found, now):
                return claim
    return None


def _urgency() -> Case:
    """Cancelling a label stops money from being lost; a label closes what was begun."""
    order = {DispatchKind.CANCEL: 0, DispatchKind.LABEL: 1, DispatchKind.CREATE: 2}
    return Case(
        *(When(kind=kind, then=Value(rank)) for kind, rank in order.items()),
        output_field=IntegerField(),
    )


def _claim(found: Dispatch, now: datetime) -> Claim | None:
    token = secrets.token_hex(16)
    still = Q(state=found.state, lease_token=found.lease_token, attempts=found.attempts)
    if (
        not Dispatch.objects.due(found.platform, now)
        .filter(still, pk=found.pk)
        .update(
            state=DispatchState.SENDING,
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=_lease(now),
        )
    ):
        return None
    was = DispatchState(found.state)
    if was == DispatchState.SENDING:
        _close_broken_off(found, now)
    found.refresh_from_db()
    DispatchAttempt.objects.create(dispatch=found, n=found.attempts, token=token, started_at=now)
    return Claim(found, token, was)


def _close_broken_off(found: Dispatch, now: datetime) -> None:
    DispatchAttempt.objects.filter(dispatch=found, ended_at=None).update(
        ended_at=now, outcome=AttemptOutcome.DIED, message="The worker fell silent."
    )


def renew(claim: Claim, **changes: Any) -> None:
    """Prolong the lease just before a call, on the record and outside any transaction.

    Raises LeaseLost. A RuntimeError means that a transaction is open: never call then.
    """
    with transaction.atomic(durable=True):
        if not claim.mine().update(lease_until=_lease(timezone.now()), **changes):
            raise LeaseLost


def save_progress(claim: Claim, **changes: Any) -> None:
    """Write what was learned in the middle of an attempt. Raises LeaseLost."""
    if not claim.mine().update(**changes):
        raise LeaseLost
    claim.dispatch.refresh_from_db()


def finish(
    claim: Claim,
    outcome: AttemptOutcome,
    *,
    status: int | None = None,
    code: str = "",
    message: str = "",
    **changes: Any,
) -> None:
    """Give the dispatch back in its new state; in the caller's transaction. Raises LeaseLost."""
    if not claim.mine().update(lease_token="", lease_until=None, **changes):
        raise LeaseLost
    DispatchAttempt.objects.filter(dispatch=claim.dispatch, token=claim.token).update(
        ended_at=timezone.now(),
        outcome=outcome,
        http_status=status,
        error_code=code[:40],
        message=message[:1000],
    )
    claim.dispatch.refresh_from_db()


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=current_policy().lease_seconds)
