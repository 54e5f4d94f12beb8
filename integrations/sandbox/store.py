"""
The sandbox's memory: one SQLite file of JSON documents.

One connection, one transaction at a time. A committed transaction survives kill -9 of the
process: WAL with synchronous=NORMAL hands every commit to the operating system.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.sandbox import clock
from integrations.sandbox.messages import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    updated REAL NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS document_reference ON document (kind, reference);
CREATE INDEX IF NOT EXISTS document_parent ON document (kind, parent);
CREATE INDEX IF NOT EXISTS document_list ON document (kind, seq, status, created, updated, words);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS agenda (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    due REAL NOT NULL,
    action TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS agenda_due ON agenda (due);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    due REAL NOT NULL,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    resource TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '',
    forged INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS request (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    platform TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    fault TEXT NOT NULL,
    milliseconds REAL NOT NULL
);
"""
TABLES = ("document", "counter", "setting", "agenda", "delivery", "request")
SETTABLE = ("parent", "reference", "status", "words")


@dataclass(frozen=True, slots=True)
class Document:
    """One stored object with the columns it can be found by."""

    seq: int
    id: str
    parent: str
    reference: str
    status: str
    created: float
    updated: float
    body: Json


def _document(row: tuple[Any, ...]) -> Document:
    seq, key, parent, reference, status, created, updated, body = row
    return Document(seq, key, parent, reference, status, created, updated, json.loads(body))


class Transaction:
    """Everything one request may read and change."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)

    def add(self, kind: str, key: str | int, body: Json, **columns: str) -> None:
        """Store a new document. Columns: parent, reference, status, words."""
        self.run(
            "INSERT INTO document (kind, id, parent, reference, status, words, created, updated,"
            " body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            kind,
            str(key),
            *(columns.get(name, "") for name in SETTABLE),
            *(clock.now(),) * 2,
            json.dumps(body),
        )

    def put(self, kind: str, key: str | int, body: Json, **columns: str) -> None:
        """Replace the body of a stored document, and the columns named."""
        named = [name for name in SETTABLE if name in columns]
        assignments = "".join(f", {name} = ?" for name in named)
        self.run(
            f"UPDATE document SET body = ?, updated = ?{assignments}"  # noqa: S608 — our names
            " WHERE kind = ? AND id = ?",
            json.dumps(body),
            clock.now(),
            *(columns[name] for name in named),
            kind,
            str(key),
        )

    def get(self, kind: str, key: str | int) -> Json | None:
        """The body of a document, None if there is none."""
        found = self.document(kind, key)
        return found.body if found else None

    def document(self, kind: str, key: str | int) -> Document | None:
        rows = self.select(kind, "id = ?", [str(key)])
        return rows[0] if rows else None

    def remove(self, kind: str, key: str | int) -> None:
        self.run("DELETE FROM document WHERE kind = ? AND id = ?", kind, str(key))

    def select(
        self, kind: str, where: str = "1", values: list[Any] | None = None, tail: str = ""
    ) -> list[Document]:
        """Documents of a kind, oldest first unless the tail says otherwise."""
        rows = self.run(
            "SELECT seq, id, parent, reference, status, created, updated, body FROM document"  # noqa: S608 — conditions are the sandbox's own, values are bound
            f" WHERE kind = ? AND {where} {tail or 'ORDER BY seq'}",
            kind,
            *(values or []),
        )
        return [_document(row) for row in rows]

    def bodies(self, kind: str, where: str = "1", values: list[Any] | None = None) -> list[Json]:
        return [document.body for document in self.select(kind, where, values)]

    def children(self, kind: str, parent: str | int) -> list[Json]:
        return self.bodies(kind, "parent = ?", [str(parent)])

    def count(self, kind: str, where: str = "1", values: list[Any] | None = None) -> int:
        sql = f"SELECT count(*) FROM document WHERE kind = ? AND {where}"  # noqa: S608 — our SQL
        total: int = self.run(sql, kind, *(values or [])).fetchone()[0]
        return total

    def next_number(self, name: str, first: int = 1) -> int:
        """The next of a sequence that starts at first and never repeats."""
        row = self.run(
            "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1"
            " RETURNING value",
            name,
            first,
        ).fetchone()
        number: int = row[0]
        return number

    def setting(self, name: str, default: Any = None) -> Any:
        row = self.run("SELECT value FROM setting WHERE name = ?", name).fetchone()
        return json.loads(row[0]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, json.dumps(value))

    def clear(self) -> None:
        for table in TABLES:
            self.run(f"DELETE FROM {table}")  # noqa: S608 — the constant above


class Store:
    """The file. `with store.transaction() as tx` waits for its turn, then commits or rolls back."""

    def __init__(self, path: Path):
        self._turn = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._turn:
            self._connection.close()
