"""Veeqo's page and page_size, and the total headers, which differ from list to list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.messages import Refused, Response, json_response
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Call

MOST = 100
FARTHEST = 10**9
TOTALS = ("X-Total-Count", "X-Total-Pages-Count")
ALL_HEADERS = (*TOTALS, "X-Page-Index", "X-Per-Page")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, counted from 1, and how many rows it holds."""

    number: int
    size: int

    @property
    def tail(self) -> str:
        """The SQL that cuts the page out of the newest first."""
        return f"ORDER BY seq DESC LIMIT {self.size} OFFSET {(self.number - 1) * self.size}"

    def headers(self, total: int, names: Sequence[str]) -> dict[str, str]:
        pages = -(-total // self.size)
        values = (total, pages, self.number, self.size)
        whole = dict(zip(ALL_HEADERS, map(str, values), strict=True))
        return {name: whole[name] for name in names}


def read_page(call: Call, default_size: int, names: Sequence[str] = ()) -> Page:
    """The page asked for. A page_size that is no number is Veeqo's odd 400."""
    text = call.request.first("page_size", str(default_size))
    if not text.isdecimal():
        headers = Page(1, default_size).headers(0, names)
        raise Refused(json_response(400, {"error_messages": ["Infinity"]}, headers))
    index = call.request.first("page", "1")
    number = min(int(index), FARTHEST) if index.isdecimal() else 1
    return Page(max(1, number), min(MOST, max(1, int(text))))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents of a kind a list shows."""

    kind: str
    where: str = "1"
    values: tuple[Any, ...] = ()


def select_page(
    call: Call, selection: Selection, page: Page, names: Sequence[str]
) -> tuple[list[Document], dict[str, str]]:
    """The documents of the page, newest first, and the headers."""
    values = list(selection.values)
    documents = call.tx.select(selection.kind, selection.where, values, page.tail)
    total = call.tx.count(selection.kind, selection.where, values) if names else 0
    return documents, page.headers(total, names)


def list_bodies(call: Call, kind: str, default_size: int, names: Sequence[str] = ()) -> Response:
    """A plain list of stored bodies."""
    page = read_page(call, default_size, names)
    documents, headers = select_page(call, Selection(kind), page, names)
    return json_response(200, [document.body for document in documents], headers)
