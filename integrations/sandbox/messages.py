"""What goes in and out over HTTP, free of any server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are lower case, the id is 32 hexadecimal digits."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    id: str = field(default_factory=lambda: uuid4().hex)

    @classmethod
    def read(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> "Request":
        parts = urlsplit(target)
        pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
        lowered = {name.lower(): value for name, value in headers.items()}
        return cls(method, parts.path, pairs, lowered, body)

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def listed(self, name: str) -> list[str]:
        """All values of a query parameter: repeated, in brackets, or separated by commas."""
        given = [value for key, value in self.query if key in (name, f"{name}[]")]
        return [part.strip() for value in given for part in value.split(",") if part.strip()]

    @property
    def is_write(self) -> bool:
        return self.method not in ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: str) -> "Response":
        """The same answer with more headers; underscores become dashes."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(self.status, self.body, {**self.headers, **more})


class Refused(Exception):
    """The platform says no; nothing of the request is kept."""

    def __init__(self, response: Response):
        super().__init__(f"refused with {response.status}")
        self.response = response


def json_response(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body."""
    body = json.dumps(content, separators=(",", ":")).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Response(status, body, {**kind, **(headers or {})})


def page_response(status: int, html: str) -> Response:
    """An answer with an HTML body."""
    return Response(status, html.encode(), {"Content-Type": "text/html; charset=utf-8"})


def read_json(body: bytes) -> Any:
    """The content of a JSON body. Raises ValueError, also for text that is no Unicode."""
    content = json.loads(body)
    json.dumps(content, ensure_ascii=False).encode()
    return content


def words(text: str) -> list[str]:
    """A list of names, written without its quotes and commas."""
    return text.split()
