"""Is the process alive; is it ready for work. Neither asks a platform."""

from django.core.cache import cache
from django.core.cache.backends.base import InvalidCacheBackendError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database reachable, migrations applied, cache writable; 503 with the reasons otherwise."""
    failures = {name: reason for name, probe in PROBES.items() if (reason := probe())}
    status = "unavailable" if failures else "ok"
    return JsonResponse({"status": status, "failed": failures}, status=503 if failures else 200)


def probe_database() -> str:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return "The database does not answer."
    return ""


def probe_migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The migrations cannot be read."
    return f"{len(pending)} migrations are not applied." if pending else ""


def probe_cache() -> str:
    try:
        cache.set("readyz", "ok", 30)
        written = cache.get("readyz") == "ok"
    except (DatabaseError, InvalidCacheBackendError, OSError):
        return "The cache does not answer."
    return "" if written else "The cache forgets what is written."


PROBES = {"database": probe_database, "migrations": probe_migrations, "cache": probe_cache}
