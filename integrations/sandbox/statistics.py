"""What clients did to each platform: counts that survive a restart, paces that do not."""

from integrations.sandbox import clock
from integrations.sandbox.limits import Pace
from integrations.sandbox.messages import Json, Request
from integrations.sandbox.store import Transaction
from integrations.sandbox.world import PLATFORMS

KEPT_REQUESTS = 200_000
"""The log forgets the oldest beyond these."""


class Statistics:
    """Paces count every request that arrives, also those answered 429."""

    def __init__(self) -> None:
        self.paces = {name: (Pace(1), Pace(60)) for name in PLATFORMS}

    def arrived(self, platform: str) -> None:
        for pace in self.paces[platform]:
            pace.arrived()

    def forget(self) -> None:
        for paces in self.paces.values():
            for pace in paces:
                pace.forget()

    def report(self, tx: Transaction) -> Json:
        """Per platform: requests by status, enforced and injected 429s, highest paces."""
        return {name: self._platform(tx, name) for name in PLATFORMS}

    def _platform(self, tx: Transaction, name: str) -> Json:
        second, minute = self.paces[name]
        by_status = dict(
            tx.run("SELECT status, count(*) FROM request WHERE platform = ? GROUP BY 1", name)
        )
        by_fault = dict(
            tx.run(
                "SELECT fault, count(*) FROM request WHERE platform = ? AND fault != '' GROUP BY 1",
                name,
            )
        )
        first, last = tx.run(
            "SELECT min(at), max(at) FROM request WHERE platform = ?", name
        ).fetchone()
        return {
            "requests": sum(by_status.values()),
            "by_status": {str(status): count for status, count in by_status.items()},
            "faults": by_fault,
            "refused_by_limit": by_status.get(429, 0) - by_fault.get("429", 0),
            "most_in_one_second": second.most,
            "most_in_one_minute": minute.most,
            "first_request_at": first,
            "last_request_at": last,
        }


def record(
    tx: Transaction, platform: str, request: Request, status: int, fault: str, at: float
) -> None:
    """Note one request in the log; status 0 means that no answer was given."""
    row = tx.run(
        "INSERT INTO request (at, platform, method, path, status, fault, milliseconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        at,
        platform,
        request.method,
        request.path,
        status,
        fault,
        round((clock.now() - at) * 1000, 2),
    ).lastrowid
    if row and row % 1000 == 0:
        tx.run("DELETE FROM request WHERE seq <= ?", row - KEPT_REQUESTS)


def recent(tx: Transaction, limit: int) -> list[Json]:
    """The latest requests, newest first."""
    names = ("at", "platform", "method", "path", "status", "fault", "milliseconds")
    rows = tx.run(
        f"SELECT {', '.join(names)} FROM request ORDER BY seq DESC LIMIT ?",  # noqa: S608 — fixed
        limit,
    )
    return [dict(zip(names, row, strict=True)) for row in rows]
