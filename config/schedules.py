"""Everything that runs by the clock. `manage.py ensure_schedules` makes the database match.

Nightly work is due at 04:xx UTC: late evening in Nevada and California, and a time of day that no
change to or from daylight saving skips or repeats.
"""

from datetime import timedelta

from core.api.idempotency import expire_answers
from core.periodic import Entry, prune_history
from integrations.drift.jobs import reconcile_all, sweep_pushes
from integrations.sync.jobs import sync_all
from integrations.tasks import (
    prune_request_log,
    prune_webhooks,
    sweep_dispatches,
    sweep_webhooks,
)
from integrations.tracking.jobs import follow_easyship, follow_veeqo
from orders.services.bulk.jobs import resume_bulk_runs
from orders.services.imports.jobs import resume_imports
from routing.services.lifecycle import publish_due_rulesets
from routing.services.simulate import resume_simulations

SCHEDULES = [
    Entry("Delete old job history", prune_history, offset=timedelta(hours=4, minutes=10)),
    Entry("Resume interrupted bulk runs", resume_bulk_runs),
    Entry("Resume interrupted imports", resume_imports),
    Entry("Forget answered requests", expire_answers, offset=timedelta(hours=4, minutes=20)),
    Entry("Put scheduled rulesets in force", publish_due_rulesets),
    Entry("Resume interrupted simulations", resume_simulations),
    Entry("Delete old platform calls", prune_request_log, offset=timedelta(hours=4, minutes=30)),
    Entry("Find dispatches that nobody works on", sweep_dispatches),
    Entry("Ask Veeqo where parcels are", follow_veeqo, offset=timedelta(minutes=2)),
    Entry("Ask Easyship where parcels are", follow_easyship, offset=timedelta(minutes=7)),
    Entry("Find webhook events that nobody processed", sweep_webhooks),
    Entry("Delete old webhook events", prune_webhooks, offset=timedelta(hours=4, minutes=40)),
    Entry("Compare the platforms with us", reconcile_all, offset=timedelta(minutes=17)),
    Entry("Take up pushes of drift", sweep_pushes),
    Entry("Sync warehouses, services, products and stock", sync_all, offset=timedelta(minutes=7)),
]
