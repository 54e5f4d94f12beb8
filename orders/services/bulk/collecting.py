"""The frozen selection becomes rows, one for each order, before any is acted on."""

from django.db import transaction
from django.db.models import F

from orders.models import BulkRun, BulkRunRow
from orders.services.bulk.leases import Lease
from orders.services.bulk.selection import pairs_of

CHUNK = 5_000


def collect_next(lease: Lease, run: BulkRun) -> None:
    """Write the next rows and how far that was, together or not at all; `run` is brought up
    to date. The run is collected when nothing is left. Raises SelectionBroken, TakenOver.
    """
    # Read before, so that a slow filter keeps nobody waiting for the lock.
    pairs = list(pairs_of(run)[:CHUNK])
    with transaction.atomic():
        lease.keep(
            vain_starts=0,
            total=F("total") + len(pairs),
            collected_up_to=pairs[-1][0] if pairs else run.collected_up_to,
            is_collected=len(pairs) < CHUNK,
        )
        BulkRunRow.objects.bulk_create(
            BulkRunRow(run=run, order_id=pk, label=number) for pk, number in pairs
        )
    run.refresh_from_db(fields=["is_collected", "collected_up_to"])
