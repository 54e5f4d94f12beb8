"""New orders are written in bulk: four statements for any number of them."""

from collections.abc import Iterable, Sequence

from core.actor import current_actor
from core.bulk import insert_many
from orders.checks import Found
from orders.models import Finding, OrderEvent, OrderLine
from orders.models.order import event_context
from orders.services.check import finding_rows, fingerprint_of
from orders.services.duplicates import find_duplicates
from orders.services.intake.candidates import Candidate


def write_new(written: Sequence[tuple[Candidate, Iterable[Found]]]) -> None:
    """Insert orders, lines, findings and the first line of their history. Raises IntegrityError."""
    if not written:
        return
    for candidate, _found in written:
        candidate.order.created_by_id = current_actor.get().user_id
        candidate.order.fingerprint = fingerprint_of(candidate.order, candidate.lines)
    orders = [candidate.order for candidate, _found in written]
    insert_many(orders)
    insert_many(list(_lines(written)))
    insert_many(list(_findings(written)))
    insert_many(list(_events(written)))
    find_duplicates([order.pk for order in orders])


def _lines(written: Sequence[tuple[Candidate, Iterable[Found]]]) -> Iterable[OrderLine]:
    for candidate, _found in written:
        for line in candidate.lines:
            line.order = candidate.order
            yield line


def _findings(written: Sequence[tuple[Candidate, Iterable[Found]]]) -> Iterable[Finding]:
    for candidate, found in written:
        yield from finding_rows(candidate.order, candidate.lines, found)


def _events(written: Sequence[tuple[Candidate, Iterable[Found]]]) -> Iterable[OrderEvent]:
    context = event_context()
    for candidate, _found in written:
        order = candidate.order
        yield OrderEvent(
            order=order,
            kind="created",
            to_status=order.status,
            message=f"Received from {order.source}."[:1000],
            details={"lines": len(candidate.lines)},
            **context,
        )
