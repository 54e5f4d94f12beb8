"""Veeqo at the door: who may in, how fast, and how it fails."""

from integrations.sandbox.limits import LeakyBucket
from integrations.sandbox.messages import Request, Response, json_response
from integrations.sandbox.options import Options
from integrations.sandbox.routes import Route
from integrations.sandbox.turn import Call, Followup
from integrations.sandbox.veeqo.answers import read_body, route_missing
from integrations.sandbox.veeqo.routes import ROUTER


class Veeqo:
    """Answers what comes under /veeqo."""

    name = "veeqo"
    prefix = "/veeqo"

    def __init__(self, options: Options):
        self._key = options.veeqo_key
        self._bucket = LeakyBucket(*options.veeqo_rate) if options.veeqo_rate else None

    def refuse_entry(self, request: Request) -> Response | None:
        """401 unless the key is right, in x-api-key or as a bearer token."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._key in (request.headers.get("x-api-key"), bearer):
            return None
        return json_response(401, {"error_messages": "You're not authorized"})

    def refuse_haste(self, request: Request, at: float) -> Response | None:
        """An empty 429 when the key's bucket is full."""
        if self._bucket is None or self._bucket.admits(self._key, at):
            return None
        return self.throttled(request, at)

    def throttled(self, request: Request, at: float) -> Response:
        return Response(429)

    def broken(self, request: Request) -> Response:
        return json_response(500, {"status": 500, "error": "Internal Server Error"})

    def exhausted(self, request: Request) -> Response | None:
        """Veeqo has no allowance of calls to use up."""
        return None

    def find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        return ROUTER.find(request.method, request.path)

    def answer(self, route: Route, call: Call) -> Response | Followup:
        call.body = read_body(call.request.body)
        return route.handler(call)

    def missing(self, request: Request) -> Response:
        return route_missing()

    def stamped(self, response: Response, request: Request, seconds: float) -> Response:
        return response.with_headers(X_Request_Id=request.id, X_Runtime=f"{seconds:.6f}")
