"""Orders are acted on in chunks: what was done and what is said about it, in one transaction."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.expressions import CombinedExpression

from core.errors import DomainError
from orders.models import BulkResult, BulkRun, BulkRunRow, Order
from orders.services.bulk.leases import Lease
from orders.services.bulk.registry import BulkAction, Outcome, Parameters, refused

logger = logging.getLogger(__name__)

_GONE = refused("The order was removed in the meantime.")
_SILENT = Outcome(BulkResult.FAILED, "The action gave no answer for this order. Look at it.")
_BROKEN = Outcome(
    BulkResult.FAILED,
    "Something is wrong on our side; the order was left as it was. Tell your administrator.",
)


def act_on_next(lease: Lease, run: BulkRun, action: BulkAction) -> bool:
    """Act on the next chunk; False when no order was left. Raises TakenOver."""
    with transaction.atomic():
        lease.keep()
        pending = run.rows.filter(result=BulkResult.PENDING).order_by("id")
        rows = list(pending[: action.chunk])
        if not rows:
            return False
        _answer(rows, action, run.parameters)
        _store(rows)
        lease.keep(vain_starts=0, **_counted(rows))
    return True


def _answer(rows: Sequence[BulkRunRow], action: BulkAction, parameters: Parameters) -> None:
    ids = [row.order_id for row in rows if row.order_id is not None]
    orders = list(Order.objects.filter(pk__in=ids).order_by("pk"))
    outcomes = outcomes_of(action, orders, parameters) if orders else {}
    there = {order.pk for order in orders}
    for row in rows:
        known = row.order_id in there
        outcome = outcomes.get(row.order_id or 0, _SILENT) if known else _GONE
        row.result, row.message = outcome.result, outcome.message[:1000]


def outcomes_of(
    action: BulkAction, orders: Sequence[Order], parameters: Parameters
) -> Mapping[int, Outcome]:
    """Act on them together; when that breaks, on each alone, so that one cannot stop the rest."""
    try:
        with transaction.atomic():
            return action.act_many(orders, parameters)
    except DomainError as error:
        failure = refused(str(error))
    except (OperationalError, InterfaceError):
        # The database's own trouble is no order's fault: the job tries again.
        raise
    except Exception:
        # A bug met by one order of 100,000 must not leave the others undone.
        logger.exception("bulk action failed", extra={"bulk_action": action.name})
        failure = _BROKEN
    if len(orders) == 1:
        return {orders[0].pk: failure}
    # Read again: the broken attempt may have left its marks on the objects.
    fresh = Order.objects.filter(pk__in=[order.pk for order in orders]).order_by("pk")
    return {
        pk: outcome
        for order in fresh
        for pk, outcome in outcomes_of(action, [order], parameters).items()
    }


def _store(rows: Sequence[BulkRunRow]) -> None:
    """One UPDATE for those that need no sentence, one for the others."""
    plain = [row.pk for row in rows if row.result == BulkResult.DONE and not row.message]
    BulkRunRow.objects.filter(pk__in=plain).update(result=BulkResult.DONE)
    told = [row for row in rows if row.result != BulkResult.DONE or row.message]
    BulkRunRow.objects.bulk_update(told, ["result", "message"])


def _counted(rows: Sequence[BulkRunRow]) -> dict[str, CombinedExpression]:
    found = Counter(row.result for row in rows)
    return {
        "succeeded": F("succeeded") + found[BulkResult.DONE],
        "to_review": F("to_review") + found[BulkResult.REVIEW],
        "refused": F("refused") + found[BulkResult.REFUSED],
        "failed": F("failed") + found[BulkResult.FAILED],
    }
