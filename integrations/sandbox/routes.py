"""Which handler answers which method and path."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrations.sandbox.turn import Handler


@dataclass(frozen=True, slots=True)
class Route:
    """Path parameters are written {name}. Scopes: what a token needs, where tokens have scopes."""

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"\{(\w+)\}", self.path)
        escaped = [
            re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/]+?)"
            for index, part in enumerate(parts)
        ]
        return re.compile("".join(escaped))


class Router:
    """Routes in order; the first that fits answers."""

    def __init__(self, routes: Iterable[Route]):
        self._routes = [(route, route.pattern) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for route, pattern in self._routes:
            if route.method == method and (match := pattern.fullmatch(path)):
                return route, match.groupdict()
        return None

    def __iter__(self) -> Iterator[Route]:
        return (route for route, _ in self._routes)
