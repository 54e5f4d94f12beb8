"""The rows that are ready become orders: each once, whatever is started twice or killed."""

from collections.abc import Sequence

from orders.intake.neutral import order_from_json, remark_from_json
from orders.intake.parsed import Received
from orders.models import ImportMode, ImportRow, ImportSession, ImportState, RowState
from orders.services.imports.leases import Lease
from orders.services.imports.reading import BY_CHECKS
from orders.services.imports.sessions import APPLICABLE
from orders.services.intake.record import Outcome, record_orders

CHUNK = 200


def apply_rows(lease: Lease) -> bool:
    """Write the ready rows in chunks; False when the slice of time was over before the end."""
    session = ImportSession.objects.get(pk=lease.session_id)
    done = session.orders_done
    while rows := list(session.rows.filter(state__in=APPLICABLE).order_by("position")[:CHUNK]):
        done += len(rows)
        _apply(session, lease, rows, done)
        if lease.is_slice_over:
            return False
    lease.give_back(state=ImportState.DONE)
    return True


def _apply(session: ImportSession, lease: Lease, rows: Sequence[ImportRow], done: int) -> None:
    def beside(outcomes: Sequence[Outcome]) -> None:
        # In the transaction of the orders: a row is marked exactly when its order is written.
        for row, outcome in zip(rows, outcomes, strict=True):
            _mark(row, outcome)
        ImportRow.objects.bulk_update(
            rows, ["state", "problem", "order", "before", "order_version"]
        )
        lease.keep(orders_done=done)

    batch = [received_of_row(row) for row in rows]
    record_orders(batch, source=session.source, mode=ImportMode(session.mode), beside=beside)


def received_of_row(row: ImportRow) -> Received:
    """What was understood of the row, as corrected since; the checks will speak anew."""
    remarks = [remark_from_json(said) for said in row.remarks if BY_CHECKS not in said]
    return Received(order_from_json(row.parsed), tuple(remarks))


def _mark(row: ImportRow, outcome: Outcome) -> None:
    row.state = RowState(outcome.state)
    row.problem = outcome.problem[:1000]
    row.order = outcome.order
    row.before = outcome.before
    row.order_version = outcome.order.version if outcome.order else None
