"""GET /orders: filters that fail open, a free-text search that finds too much."""

import re
from collections.abc import Callable
from typing import Any

from integrations.sandbox import clock
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo.order_view import ALLOCATION, KIND
from integrations.sandbox.veeqo.paging import Selection

Condition = tuple[str, list[Any]]


def search(call: Call) -> Selection:
    """The orders a list request asks for."""
    where, values = ["1"], []
    for condition in (_status, _since, _moments, _channels, _tags, _allocated_at, _words, _lag):
        for text, bound in condition(call):
            where.append(text)
            values += bound
    return Selection(KIND, " AND ".join(where), tuple(values))


def _status(call: Call) -> list[Condition]:
    """Cancelled orders are shown only to whoever asks for them; an unknown status finds none."""
    if status := call.request.first("status"):
        return [("status = ?", [status])]
    return [("status != 'cancelled'", [])]


def _since(call: Call) -> list[Condition]:
    since = call.request.first("since_id")
    return [("CAST(id AS INTEGER) > ?", [int(since)])] if _is_number(since) else []


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


def _moments(call: Call) -> list[Condition]:
    bounds: list[tuple[str, str, Callable[[float], float]]] = [
        ("created_at_min", "created >= ?", lambda at: at),
        ("updated_at_min", "updated >= ?", lambda at: at),
        ("created[after]", "created >= ?", lambda at: at),
        ("created[before]", "created < ?", lambda at: at + clock.DAY),
    ]
    found = []
    for name, text, shift in bounds:
        # A date that cannot be read is ignored, as Veeqo does.
        if (at := clock.parse(call.request.first(name))) is not None:
            found.append((text, [shift(at)]))
    return [*found, *_due(call)]


def _due(call: Call) -> list[Condition]:
    due = "json_extract(body, '$.due_date')"
    found: list[Condition] = []
    if (after := clock.parse(call.request.first("due[after]"))) is not None:
        found.append((f"{due} >= ?", [clock.iso_milliseconds(after)]))
    if (before := clock.parse(call.request.first("due[before]"))) is not None:
        found.append((f"{due} < ?", [clock.iso_milliseconds(before + clock.DAY)]))
    return found


def _channels(call: Call) -> list[Condition]:
    wanted = [int(text) for text in call.request.listed("channel_ids") if _is_number(text)]
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    return [(f"json_extract(body, '$.channel_id') IN ({marks})", [*wanted])]


def _tags(call: Call) -> list[Condition]:
    name = call.request.first("tags")
    if not name:
        return []
    tags = "SELECT value FROM json_each(document.body, '$.tag_ids')"
    known = "SELECT CAST(id AS INTEGER) FROM document AS tag WHERE kind = 'veeqo.tag'"
    return [(f"EXISTS ({tags} WHERE value IN ({known} AND reference = ?))", [name])]


def _allocated_at(call: Call) -> list[Condition]:
    warehouse = call.request.first("allocated_at")
    if not _is_number(warehouse):
        return []
    held = (
        "id IN (SELECT parent FROM document WHERE kind = ?"
        " AND json_extract(body, '$.warehouse_id') = ?)"
    )
    return [(held, [ALLOCATION, int(warehouse)])]


def _words(call: Call) -> list[Condition]:
    """Every word of the query somewhere in number, name, e-mail or SKU, in any order."""
    tokens = re.findall(r"[^\W_]+", call.request.first("query").lower())
    return [("words LIKE ?", [f"%{token}%"]) for token in tokens]


def _lag(call: Call) -> list[Condition]:
    lag = call.turn.faults.search_lag("veeqo")
    return [("created <= ?", [call.now - lag])] if lag else []
