"""What one attempt does at the platform. Every step may be repeated: each begins with a look.

The database is written in short transactions between the calls, never around one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from core.errors import DomainError
from integrations.dispatching import records
from integrations.dispatching.approval import Expectations, check_quote, check_weight
from integrations.dispatching.claims import Claim, save_progress
from integrations.dispatching.outward import outward, part_told
from integrations.dispatching.policy import current_policy
from integrations.models import Dispatch, DispatchKind
from integrations.platforms.base import Platform
from integrations.platforms.errors import Busy, NotFound
from integrations.platforms.matches import the_one
from integrations.platforms.outbound import OutboundOrder, Reference
from integrations.platforms.remote import Label, LabelState, Quote, RemoteOrder, RemoteState
from orders.models import Order, OrderStatus
from orders.parts import Part

_GONE = frozenset({RemoteState.CANCELLED, RemoteState.CANCELLING})


class StillInDoubt(Exception):
    """A look-up found nothing, which proves nothing yet."""

    def __init__(self, wait: float, doubts: int):
        self.wait = wait
        self.doubts = doubts


class OnHoldNow(Exception):
    """A hold was placed after the order was sent on its way; it waits until the hold is gone."""


class OrderGone(Exception):
    """Our order was cancelled before anything reached the platform."""


class NeedsHelp(DomainError):
    """A person must act; the message says what and what next."""

    def __init__(self, code: str, sentence: str):
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim at work."""

    claim: Claim
    platform: Platform
    order: Order

    @property
    def dispatch(self) -> Dispatch:
        return self.claim.dispatch

    @property
    def there(self) -> str:
        return self.dispatch.get_platform_display()


def perform(attempt: Attempt) -> None:
    """Do what the dispatch promises and record that it is done.

    Raises PlatformError, DomainError and the exceptions above; nothing is settled then.
    """
    steps: dict[str, Callable[[Attempt], None]] = {
        DispatchKind.CREATE: _create,
        DispatchKind.LABEL: _label,
        DispatchKind.CANCEL: _cancel,
    }
    if attempt.dispatch.kind != DispatchKind.CANCEL:
        _check_still_wanted(attempt)
    steps[attempt.dispatch.kind](attempt)


def _check_still_wanted(attempt: Attempt) -> None:
    dispatch = attempt.dispatch
    if attempt.order.status == OrderStatus.CANCELLED:
        if not dispatch.remote_id and dispatch.doubted_at is None:
            raise OrderGone
        raise NeedsHelp(
            "order_cancelled",
            f"The order was cancelled here, but {attempt.there} may hold it. "
            "Cancel it at the platform.",
        )
    if any(hold.is_open for hold in attempt.order.holds.filter(released_at=None)):
        raise OnHoldNow


# --- Create ---------------------------------------------------------------------------------------


def _create(attempt: Attempt) -> None:
    said = outward(attempt.order, attempt.dispatch)
    if not attempt.dispatch.remote_id:
        remote = _found_after_doubt(attempt) or attempt.platform.create(said.order)
        _check_is_ours(attempt, remote, said.order)
        records.note_created(attempt.claim, remote, said.remarks)
    attempt.platform.prepare(said.order, attempt.dispatch.remote_id)
    records.finish_create(attempt.claim)


def _found_after_doubt(attempt: Attempt) -> RemoteOrder | None:
    """What a doubted call has left there. None: no doubt, or it is settled that nothing is there.

    Raises StillInDoubt.
    """
    if attempt.dispatch.doubted_at is None:
        return None

    def look() -> RemoteOrder | None:
        reference = Reference(attempt.dispatch.reference)
        return the_one(attempt.platform.find_by_reference(reference), reference)

    return _settle(attempt, look)


def _settle(attempt: Attempt, look: Callable[[], Any]) -> Any:
    """Look, but not before the pause is over; nothing found counts only after the last pause."""
    dispatch, waits = attempt.dispatch, current_policy().doubt_waits
    if dispatch.doubted_at is None:
        return None
    first = dispatch.doubted_at + timedelta(seconds=waits[0])
    early = (first - timezone.now()).total_seconds()
    if dispatch.doubts == 0 and early > 0:
        raise StillInDoubt(early, 0)
    if found := look():
        return found
    if dispatch.doubts + 1 < len(waits):
        raise StillInDoubt(waits[dispatch.doubts + 1], dispatch.doubts + 1)
    save_progress(attempt.claim, doubted_at=None, doubts=0)
    return None


def _check_is_ours(attempt: Attempt, remote: RemoteOrder, said: OutboundOrder) -> None:
    """A reference may be taken by an order of another life of this database."""
    if remote.state in _GONE:
        raise NeedsHelp(
            "cancelled_there",
            f"{attempt.there} holds {said.reference} as cancelled ({remote.remote_id}). "
            "Resend the order: it gets a new reference.",
        )
    there = remote.recipient.postal_code if remote.recipient else ""
    codes = _postal(there), _postal(said.recipient.postal_code)
    if not _are_our_goods(remote, said) or (all(codes) and codes[0] != codes[1]):
        raise NeedsHelp(
            "not_ours",
            f"{attempt.there} holds {said.reference} ({remote.remote_id}) with other goods or "
            "another address than this order. Compare both before anything is sent again.",
        )


def _are_our_goods(remote: RemoteOrder, said: OutboundOrder) -> bool:
    """By id where there is a mapping, because a SKU may be spelt otherwise there."""
    ids = {line.product_remote_id for line in said.lines} - {""}
    skus = {line.sku.casefold() for line in said.lines}
    return all(
        line.product_remote_id in ids or line.sku.casefold() in skus
        for line in remote.lines
        if line.sku
    )


def _postal(code: str) -> str:
    """Comparable: the first five characters, so that a ZIP+4 equals its ZIP."""
    return code.replace(" ", "").replace("-", "").casefold()[:5]


# --- Label ----------------------------------------------------------------------------------------


def _label(attempt: Attempt) -> None:
    shipment = records.shipment_of(attempt.dispatch)
    if not shipment.remote_shipment_id:
        label = _bought_after_doubt(attempt) or _buy(attempt)
        records.note_label(attempt.claim, label)
        if label.state is LabelState.PENDING:
            raise _label_is_made(attempt)
    label = attempt.platform.fetch_label(attempt.dispatch.remote_id)
    if label.state is LabelState.PENDING:
        raise _label_is_made(attempt)
    if label.state is not LabelState.READY:
        records.forget_label(attempt.claim)
        reason = label.failure or f"the label is {label.state}"
        raise NeedsHelp(
            "label_failed",
            f"{attempt.there} could not make the label: {reason.rstrip('.')}. "
            "Retry, or cancel it there and choose another service.",
        )
    records.finish_label(attempt.claim, label)


def _buy(attempt: Attempt) -> Label:
    said = outward(attempt.order, attempt.dispatch).order
    part = part_told(attempt.order, attempt.dispatch)
    check_weight(part.service, said.parcel, attempt.dispatch.allowed)
    expected = _expectations(attempt, part)

    def approve(quote: Quote) -> None:
        check_quote(quote, expected)

    return attempt.platform.buy_label(said, attempt.dispatch.remote_id, approve)


def _expectations(attempt: Attempt, part: Part) -> Expectations:
    order = attempt.order
    margin = order.cost_margin_percent
    zone = ZoneInfo(part.warehouse.time_zone) if part.warehouse else None
    return Expectations(
        estimate=part.estimated_cost,
        currency=part.estimated_currency or order.currency,
        margin_percent=settings.PRICE_MARGIN_PERCENT if margin is None else margin,
        promised_on=order.promise_date,
        today=timezone.localdate(timezone=zone),
        allowed=attempt.dispatch.allowed,
    )


def _bought_after_doubt(attempt: Attempt) -> Label | None:
    def look() -> Label | None:
        label = attempt.platform.fetch(attempt.dispatch.remote_id).label
        return label if label and label.is_bought else None

    bought: Label | None = _settle(attempt, look)
    return bought


def _label_is_made(attempt: Attempt) -> Busy:
    busy = Busy("its label is being made", retry_after=current_policy().busy_pause)
    busy.platform = attempt.there
    return busy


# --- Cancel ---------------------------------------------------------------------------------------


def _cancel(attempt: Attempt) -> None:
    remote_id = attempt.dispatch.remote_id
    if not remote_id:
        found = _found_after_doubt(attempt) or _look_once(attempt)
        if found is None:
            records.finish_cancel(attempt.claim, f"{attempt.there} holds nothing to cancel.")
            return
        save_progress(attempt.claim, remote_id=found.remote_id)
        remote_id = found.remote_id
    after = _cancelled(attempt, remote_id)
    told = " ".join(
        (f"Cancelled at {attempt.there} ({after.words or after.state}).", *after.remarks)
    )
    records.finish_cancel(attempt.claim, told)


def _look_once(attempt: Attempt) -> RemoteOrder | None:
    reference = Reference(attempt.dispatch.reference)
    return the_one(attempt.platform.find_by_reference(reference), reference)


def _cancelled(attempt: Attempt, remote_id: str) -> RemoteOrder:
    try:
        return attempt.platform.cancel(remote_id, attempt.dispatch.reason)
    except NotFound:
        # Deleting is how one without a label is cancelled; the answer of that may have been lost.
        gone = RemoteOrder(remote_id, attempt.dispatch.reference, RemoteState.CANCELLED)
        return replace(gone, words="not known there any more")
