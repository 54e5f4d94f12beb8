"""How the site is served: `gunicorn --config config/gunicorn.py config.wsgi`."""

import os
from pathlib import Path

from config.logs import configure_logs

bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
# Longer than a proxy keeps its idle connections, so that it is the proxy who closes them.
keepalive = 75
max_requests = 2_000
max_requests_jitter = 200
# A disk that stalls must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — memory, not a file
# Its socket wants a home directory, and nobody talks to it.
control_socket_disable = True

# Every request is logged by core.middleware, without its query and with its correlation id.
accesslog = None
logconfig_dict = configure_logs(level=os.environ.get("LOG_LEVEL", "INFO"), as_json=True)
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "propagate": True}
