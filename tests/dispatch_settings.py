"""The settings of real dispatch workers under test: the test's sandbox, short pauses."""

import os

from tests.settings import *  # noqa: F403 — a settings file is built on another this way

VEEQO_BASE_URL = f"{os.environ['SANDBOX_URL']}/veeqo"
EASYSHIP_BASE_URL = f"{os.environ['SANDBOX_URL']}/easyship/2024-09"
VEEQO_CALLS_PER_SECOND = VEEQO_BURST = 1e6
EASYSHIP_CALLS_PER_MINUTE = EASYSHIP_CALLS_PER_SECOND = 1e6
DISPATCH = {
    "lease_seconds": 2.0,
    "doubt_waits": (0.2, 0.2, 0.4),
    "first_pause": 0.05,
    "longest_pause": 0.3,
    "busy_pause": 0.2,
    "probe_every": 0.3,
    "rate_pause": 0.05,
    "circuit_failures": 20,
    # Many kills strike the same few orders here.
    "most_setbacks": 200,
}
