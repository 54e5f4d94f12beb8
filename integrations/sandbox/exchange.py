"""One request at a platform's door: let in, slowed down, answered, and perhaps mishandled."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from integrations.sandbox import clock, statistics
from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.messages import Refused, Request, Response, page_response
from integrations.sandbox.routes import Route
from integrations.sandbox.turn import Call, Followup, Turn

ERROR_PAGE = (
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


class Platform(Protocol):
    """What both platforms know how to do."""

    name: str
    prefix: str

    def refuse_entry(self, request: Request) -> Response | None: ...

    def refuse_haste(self, request: Request, at: float) -> Response | None: ...

    def throttled(self, request: Request, at: float) -> Response: ...

    def broken(self, request: Request) -> Response: ...

    def exhausted(self, request: Request) -> Response | None: ...

    def find(self, request: Request) -> tuple[Route, dict[str, str]] | None: ...

    def answer(self, route: Route, call: Call) -> Response | Followup: ...

    def missing(self, request: Request) -> Response: ...

    def stamped(self, response: Response, request: Request, seconds: float) -> Response: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does: answer after a delay, answer half, or, with no response, hang up."""

    response: Response | None
    delay: float = 0.0
    cut: bool = False


Turns = Callable[[], AbstractContextManager[Turn]]


class Exchange:
    """Takes requests to platforms."""

    def __init__(self, turns: Turns, faults: Faults, counts: statistics.Statistics):
        self._turns = turns
        self._faults = faults
        self._counts = counts

    def take(self, platform: Platform, request: Request) -> Reply:
        at = clock.now()
        self._counts.arrived(platform.name)
        response = platform.refuse_entry(request) or platform.refuse_haste(request, at)
        fault = None if response else self._faults.for_request(platform.name, request)
        if response is None:
            response = refused_by(fault, platform, request) or self._answer(platform, request)
        reply = spoilt_by(fault, platform, request, response)
        status = reply.response.status if reply.response else 0
        with self._turns() as turn:
            name = fault.kind.name if fault else ""
            statistics.record(turn.tx, platform.name, request, status, name, at)
        return self._slowed(self._stamped(platform, reply, request, at), platform, request)

    def _answer(self, platform: Platform, request: Request) -> Response:
        """The platform's own answer; whatever it refuses leaves no trace."""
        found = platform.find(request)
        if found is None:
            return platform.missing(request)
        route, params = found
        try:
            with self._turns() as turn:
                answer = platform.answer(route, Call(turn, request, params))
            return answer.finish() if isinstance(answer, Followup) else answer
        except Refused as refusal:
            return refusal.response

    def _stamped(self, platform: Platform, reply: Reply, request: Request, at: float) -> Reply:
        if reply.response is None:
            return reply
        seconds = clock.now() - at
        return replace(reply, response=platform.stamped(reply.response, request, seconds))

    def _slowed(self, reply: Reply, platform: Platform, request: Request) -> Reply:
        key = f"{request.method} {request.path} {request.query}"
        slow = self._faults.strike("slow", platform.name, key, request.path)
        return replace(reply, delay=slow.value) if slow else reply


def refused_by(fault: Fault | None, platform: Platform, request: Request) -> Response | None:
    """The answer of a fault that keeps the request from being done; 0 stands for none."""
    match fault.kind.name if fault else "":
        case "lost-request":
            return Response(0)
        case "429":
            return platform.throttled(request, clock.now())
        case "500":
            return platform.broken(request)
        case "html":
            return page_response(502, ERROR_PAGE)
        case "allowance":
            return platform.exhausted(request)
    return None


def spoilt_by(
    fault: Fault | None, platform: Platform, request: Request, response: Response
) -> Reply:
    """What is left of the answer after a fault that lets the request be done."""
    match fault.kind.name if fault else "":
        case "lost-request" | "lost-response":
            return Reply(None)
        case "500-after":
            return Reply(platform.broken(request))
        case "html-after":
            return Reply(page_response(200, ERROR_PAGE))
        case "truncated":
            return Reply(replace(response, body=response.body[: len(response.body) // 2]))
        case "cut-off":
            return Reply(response, cut=True)
    return Reply(response)
