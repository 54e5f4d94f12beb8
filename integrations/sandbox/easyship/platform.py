"""Easyship at the door: who may in, how fast, and what must hold before business is looked at."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from integrations.sandbox.easyship.answers import MALFORMED, Problem, problem_response
from integrations.sandbox.easyship.operations.base import Operation
from integrations.sandbox.easyship.routes import OPERATIONS, ROUTER
from integrations.sandbox.easyship.schemas.check import Checker, Violation
from integrations.sandbox.easyship.schemas.parameters import PARAMETERS
from integrations.sandbox.easyship.schemas.requests import SCHEMAS
from integrations.sandbox.limits import Exceeded, FixedWindows, SlidingWindows, Windows
from integrations.sandbox.messages import (
    Json,
    Refused,
    Request,
    Response,
    page_response,
    read_json,
)
from integrations.sandbox.options import Options
from integrations.sandbox.routes import Route
from integrations.sandbox.turn import Call, Followup

DEFAULT_AGENTS = ("", "python-urllib")
"""User agents that the real service's edge turns away."""
ALLOWANCE_USED_UP = (
    "API usage limit exceeded. Please upgrade your plan or wait for your usage period to reset."
)
CHECKER = Checker(SCHEMAS)


class Easyship:
    """Answers what comes under /easyship."""

    name = "easyship"
    prefix = "/easyship"

    def __init__(self, options: Options):
        self._token = options.easyship_token
        self._scopes = options.easyship_scopes
        self._windows = _windows(options)

    def refuse_entry(self, request: Request) -> Response | None:
        """The edge's 403 for default clients; 401 for any token but the right one."""
        agent = request.headers.get("user-agent", "").lower()
        if any(agent == name or (name and agent.startswith(name)) for name in DEFAULT_AGENTS):
            return page_response(403, "<html><body>error code: 1010</body></html>")
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return problem_response(Problem("invalid_token", [], formal=True), request)
        return None

    def refuse_haste(self, request: Request, at: float) -> Response | None:
        exceeded = self._windows.exceeded(self._token, at) if self._windows else None
        return _throttled(request, exceeded) if exceeded else None

    def throttled(self, request: Request, at: float) -> Response:
        return _throttled(request, Exceeded(10, 1, int(at) + 1))

    def broken(self, request: Request) -> Response:
        return problem_response(Problem("internal_server_error", []), request)

    def exhausted(self, request: Request) -> Response | None:
        return problem_response(Problem("forbidden", [ALLOWANCE_USED_UP]), request)

    def find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        return ROUTER.find(request.method, request.path)

    def answer(self, route: Route, call: Call) -> Response | Followup:
        """Scopes, schema, then business. Raises Refused."""
        operation = OPERATIONS[route.method, route.path]
        answered = self._guarded(operation, call.request, partial(self._work, operation, call))
        if isinstance(answered, Followup):
            finish = answered.finish
            return Followup(partial(self._guarded, operation, call.request, finish))
        return answered

    def _work(self, operation: Operation, call: Call) -> Response | Followup:
        self._check_scopes(operation.route)
        check_parameters(operation, call.request)
        call.body = read_body(operation, call.request)
        return operation.route.handler(call)

    def _guarded(self, operation: Operation, request: Request, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Problem as problem:
            raise Refused(problem_response(problem, request, operation.page)) from problem

    def _check_scopes(self, route: Route) -> None:
        held = self._scopes.split(",")
        if "all" in held:
            return
        if not all(scope in held for scope in route.scopes):
            raise Problem("forbidden", [])

    def missing(self, request: Request) -> Response:
        return problem_response(Problem("invalid_endpoint", [MALFORMED], formal=True), request)

    def stamped(self, response: Response, request: Request, seconds: float) -> Response:
        return response.with_headers(X_Request_Id=request.id, X_Runtime=f"{seconds:.6f}")


def _windows(options: Options) -> Windows | None:
    if not options.easyship_rate:
        return None
    kind = SlidingWindows if options.easyship_sliding else FixedWindows
    return kind(*options.easyship_rate)


def _throttled(request: Request, exceeded: Exceeded) -> Response:
    """As recorded: three X-RateLimit headers, no Retry-After, no Content-Type, no links."""
    span = "second" if exceeded.seconds == 1 else "minute"
    detail = (
        f"You have reached the maximum number of requests per {span}."
        " Contact your account manager to request a higher limit."
    )
    full = problem_response(Problem("too_many_requests", [detail]), request)
    content = json.loads(full.body)
    del content["error"]["links"]
    headers = {
        "X-RateLimit-Limit": str(exceeded.limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(exceeded.reset),
    }
    return Response(429, json.dumps(content).encode(), headers)


def read_body(operation: Operation, request: Request) -> Json:
    """The body, checked against its schema; an empty object where none is wanted."""
    if not operation.schema:
        return {}
    if not request.body.strip() and not operation.needs_body:
        return {}
    try:
        content = read_json(request.body or b"null")
    except ValueError:
        raise Problem("invalid_request", ["The request body is not valid JSON."]) from None
    try:
        CHECKER.check(content, operation.schema)
    except Violation as violation:
        details = [MALFORMED, str(violation)]
        raise Problem("invalid_content", details, formal=True) from violation
    body: Json = content
    return body


def check_parameters(operation: Operation, request: Request) -> None:
    """Check the query against the operation's parameters, whose places errors point to."""
    place = operation.route.path.replace("/", "~1")
    for number, (name, schema) in enumerate(PARAMETERS.get(operation.name, [])):
        given = request.listed(name) if schema and schema["type"] == "array" else None
        text = request.first(name)
        if schema is None or not (given or text):
            continue
        pointer = f"#/paths/{place}/{operation.route.method.lower()}/parameters/{number}/schema"
        value = given if given is not None else _coerced(text, schema["type"])
        try:
            CHECKER.check_parameter(value, schema, pointer)
        except Violation as violation:
            details = [MALFORMED, str(violation)]
            raise Problem("invalid_url_param", details, formal=True) from violation


def _coerced(text: str, kind: str) -> Any:
    """The value a query's text stands for; the text itself if it stands for none."""
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
