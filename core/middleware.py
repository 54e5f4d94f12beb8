"""Gives each request its correlation id and its actor, and writes one log line about it."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.actor import Actor, current_actor
from core.correlation import accepted_correlation_id, correlation_id

logger = logging.getLogger("crossdock.request")

type_of_response = Callable[[HttpRequest], HttpResponse]
ACTOR_NOTE = "crossdock_actor"
_PROGRAM_PATHS = ("/api/", "/webhooks/", "/healthz", "/readyz")
_QUIET_PATHS = ("/healthz", "/readyz", "/static/")


class CorrelationMiddleware:
    """Outermost: the id is in the answer's header and in every log line in between."""

    def __init__(self, get_response: type_of_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current = accepted_correlation_id(request.headers.get("X-Correlation-ID", ""))
        mark = correlation_id.set(current)
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Correlation-ID"] = current
            self._log(request, response, started)
            return response
        finally:
            correlation_id.reset(mark)

    def _log(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        if request.path.startswith(_QUIET_PATHS):
            return
        # The path without its query: filters and searches hold customers' names.
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round((time.monotonic() - started) * 1000),
                "actor": getattr(request, ACTOR_NOTE, "anonymous"),
            },
        )


class ProgramPolicyMiddleware:
    """Answers for programs need no page's policy: nothing may load, nobody may frame them."""

    def __init__(self, get_response: type_of_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_script = "javascript" in response.headers.get("Content-Type", "")
        if request.path.startswith(_PROGRAM_PATHS) and not is_page and not is_script:
            response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response


class ActorMiddleware:
    """Says who acts to everything below; the API replaces it with the token's name."""

    def __init__(self, get_response: type_of_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = current_actor.set(_actor_of(request))
        try:
            return self.get_response(request)
        finally:
            # The API may have put a client's name in place of the person's.
            setattr(request, ACTOR_NOTE, current_actor.get().label)
            current_actor.reset(mark)


def _actor_of(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return Actor(request.user.get_username(), request.user.pk)
    return Actor("anonymous")
