"""Two orders that look like one: they are found, and a person decides once."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.actor import current_actor
from orders.errors import CannotMerge, NotValid, PairDecided
from orders.models import DuplicatePair, FindingState, Order, OrderLine, PairState
from orders.models.status import EDITABLE
from orders.services.cancel import cancel_order
from orders.services.check import settle
from orders.services.check.twins import close_findings, pair_twins
from orders.services.history import take_turn, write_event

_TAKEN_OVER = ("company", "phone", "email", "promise_date")


@transaction.atomic
def find_duplicates(order_ids: Sequence[int]) -> list[DuplicatePair]:
    """Pair these orders with those like them; returns the new pairs.

    Alike are orders of one fingerprint, not cancelled, placed within DUPLICATE_WINDOW_DAYS of each
    other. The newer gets a warning that names the older. Constant queries for any number.
    """
    return pair_twins(order_ids)


@transaction.atomic
def keep_both(pair: DuplicatePair, reason: str) -> None:
    """They are two orders; this pair is never asked about again. Raises NotValid, PairDecided."""
    _decide(pair, PairState.KEPT, reason)
    close_findings([pair], FindingState.OVERRIDDEN, pair.reason)
    write_event(pair.first, "duplicate", f"Kept beside order {pair.second}: {pair.reason}")
    write_event(pair.second, "duplicate", f"Kept beside order {pair.first}: {pair.reason}")


@transaction.atomic
def merge(pair: DuplicatePair, reason: str) -> None:
    """Make one of them: the older takes what only the newer has, and the newer is cancelled.

    Empty contact fields of the older are filled, other notes are put below its own, and lines whose
    SKU it lacks are added.
    Raises NotValid, PairDecided, CannotMerge when the older can no longer be edited and lacks
    something, IllegalStep and AlreadyShipped when the newer cannot be cancelled.
    """
    _decide(pair, PairState.MERGED, reason)
    older, newer = pair.first, pair.second
    values, lines = _missing_values(older, newer), _missing_lines(older, newer)
    if (values or lines) and older.status not in EDITABLE:
        raise CannotMerge(older.number, older.get_status_display())
    _take_over(older, values, lines)
    taken = [*values, *(f"line {line}" for line in lines)]
    told = ", ".join(taken).replace("_", " ") or "nothing: it had all of it"
    write_event(older, "duplicate", f"Merged with order {newer}, taking over {told}.", taken=taken)
    cancel_order(newer, f"Merged into order {older}: {pair.reason}")
    close_findings([pair])
    settle([older.pk])


@transaction.atomic
def cancel_one(pair: DuplicatePair, which: Order, reason: str) -> None:
    """Cancel the older or the newer order of the pair and keep the other.

    Raises NotValid, PairDecided, IllegalStep, AlreadyShipped.
    """
    _decide(pair, PairState.CANCELLED, reason)
    goes, stays = (pair.first, pair.second) if which == pair.first else (pair.second, pair.first)
    cancel_order(goes, f"Duplicate of order {stays}: {pair.reason}")
    write_event(stays, "duplicate", f"Kept; its duplicate, order {goes}, is cancelled.")
    close_findings([pair])
    if stays.status in EDITABLE:
        settle([stays.pk])


def _decide(pair: DuplicatePair, state: PairState, reason: str) -> None:
    """Claim the pair, with both orders locked in the order of ids."""
    reason = reason.strip()
    if not 1 <= len(reason) <= 300 or "\x00" in reason:
        raise NotValid(pair.second.number, {"reason": ["Give a reason of 1 to 300 characters."]})
    for order in (pair.first, pair.second):
        take_turn(order)
        order.refresh_from_db()
    undecided = DuplicatePair.objects.filter(pk=pair.pk, state=PairState.OPEN)
    if not undecided.update(
        state=state,
        reason=reason,
        decided_at=timezone.now(),
        decided_by_id=current_actor.get().user_id,
    ):
        raise PairDecided(pair.first.number, pair.second.number)
    pair.refresh_from_db(fields=["state", "reason", "decided_at", "decided_by"])


def _missing_values(older: Order, newer: Order) -> dict[str, Any]:
    values = {
        name: value
        for name in _TAKEN_OVER
        if (value := getattr(newer, name)) and not getattr(older, name)
    }
    if newer.notes.strip() and newer.notes.strip() not in older.notes:
        values["notes"] = f"{older.notes}\n{newer.notes}".strip()
    return values


def _missing_lines(older: Order, newer: Order) -> list[OrderLine]:
    known = {line.sku.strip().upper() for line in older.lines.all()}
    return [line for line in newer.lines.all() if line.sku.strip().upper() not in known]


def _take_over(older: Order, values: dict[str, Any], lines: Sequence[OrderLine]) -> None:
    if not values and not lines:
        return
    columns = {"version": F("version") + 1, "updated_at": timezone.now()} | values
    Order.objects.filter(pk=older.pk).update(**columns)
    last = max((line.position for line in older.lines.all()), default=0)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=older,
            position=position,
            sku=line.sku,
            product_id=line.product_id,
            title=line.title,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for position, line in enumerate(lines, start=last + 1)
    )
