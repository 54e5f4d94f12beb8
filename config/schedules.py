"""Everything that runs by the clock. `manage.py ensure_schedules` makes the database match.

Nightly work is due at 04:xx UTC: late evening in Nevada and California, and a time of day that no
change to or from daylight saving skips or repeats.
"""

from datetime import timedelta

from core.periodic import Entry, prune_history
from orders.services.bulk.jobs import resume_bulk_runs

SCHEDULES = [
    Entry("Delete old job history", prune_history, offset=timedelta(hours=4, minutes=10)),
    Entry("Resume interrupted bulk runs", resume_bulk_runs),
]
