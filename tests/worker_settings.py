"""The settings of real workers under test: short jobs, short patience, readable logs."""

from config.logs import configure_logs
from tests.settings import *  # noqa: F403 — a settings file is built on another this way
from tests.settings import BULK_ACTIONS, DATABASES, Q_CLUSTER

Q_CLUSTER = Q_CLUSTER | {"timeout": 4, "retry": 40, "poll": 0.2}
# As in production: a connection outlives a job.
DATABASES["default"]["CONN_MAX_AGE"] = 60
LOGGING = configure_logs(level="INFO", as_json=True)
# The tests read from django-q2's own lines which process is which.
LOGGING["loggers"]["django-q"]["level"] = "INFO"
BULK_SLICE_SECONDS = 1.0
BULK_LEASE_SECONDS = 2
BULK_ACTIONS = [*BULK_ACTIONS, "tests.orders.bulk_actions.SLOW"]
