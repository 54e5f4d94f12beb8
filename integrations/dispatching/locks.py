"""One worker at a time on one order, even when one of them wakes up after its lease.

PostgreSQL: a session lock, which the server frees when the process or its connection dies. It needs
a direct connection: a pooler in transaction mode breaks it. SQLite serves one machine, so a file
lock does the same there.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

_NAMESPACE = 0x5844  # "XD"; the second number is the order's id
_FILES = 512


class LockLost(Exception):
    """The database connection that held the lock is gone, and the lock with it."""


class OrderLock:
    """A held lock; `check` before whatever must happen once."""

    def check(self) -> None:
        """Raises LockLost."""


class _SessionLock(OrderLock):
    def __init__(self) -> None:
        self._session = _backend_pid()

    def check(self) -> None:
        if _backend_pid() != self._session:
            raise LockLost


@contextmanager
def order_lock(order_id: int) -> Iterator[OrderLock | None]:
    """Hold the order's lock; None when somebody else does."""
    hold = _session_lock if connection.vendor == "postgresql" else _file_lock
    with hold(order_id) as lock:
        yield lock


@contextmanager
def _session_lock(order_id: int) -> Iterator[OrderLock | None]:
    key = [_NAMESPACE, order_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        yield None
        return
    lock = _SessionLock()
    try:
        yield lock
    finally:
        if connection.is_usable() and _backend_pid() == lock._session:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _backend_pid() -> int:
    """Known to the client library: no query is made."""
    raw = connection.connection
    return raw.info.backend_pid if raw is not None and not raw.closed else 0


@contextmanager
def _file_lock(order_id: int) -> Iterator[OrderLock | None]:
    folder = Path(f"{connection.settings_dict['NAME']}.locks")
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / f"order-{order_id % _FILES}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield OrderLock()
    finally:
        os.close(handle)
