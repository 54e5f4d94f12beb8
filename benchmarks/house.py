"""A database and a Django of one's own, for a benchmark that changes what it measures."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.intake import SERVER, django_with  # noqa: E402 — the path is set above

__all__ = ["SERVER", "django_with", "machine", "made_database"]


@contextmanager
def made_database(server: str, name: str) -> Iterator[str]:
    """The URL of an empty, migrated database, dropped afterwards; `server` "sqlite" is a file."""
    if server == "sqlite":
        with tempfile.TemporaryDirectory(prefix="crossdock-benchmark-") as folder:
            yield _migrated(f"sqlite:///{folder}/{name}.sqlite3")
        return
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield _migrated(server.rsplit("/", 1)[0] + f"/{name}")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrated(url: str) -> str:
    django_with(url)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return url


def machine() -> str:
    """What else this machine does; a figure taken beside others' work says so."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} cores, load {load}"
