"""Every limit and pause of what platforms send us."""

from datetime import timedelta

DELIVERIES_AT_ONCE, DELIVERIES_PER_SECOND = 2_000.0, 100.0
"""Of one platform, all processes together; beyond it they are answered 429 and come again."""
DEEPEST_JSON = 20
SAME_AGAIN_AFTER = timedelta(minutes=1)
"""Easyship repeats a delivery after a minute at most once, and only one that we did not accept."""
LEASE = timedelta(minutes=2)
"""A worker that died has its events taken over after it; longer than a job may take."""
MOST_ATTEMPTS = 12
BATCH = 500
KEEP_EVENTS = timedelta(days=30)
KEEP_FAILED = timedelta(days=90)
