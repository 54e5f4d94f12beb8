"""The page for a bug: a problem detail for programs, a plain page for people."""

from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error

from core.api import problems


def broken(request: HttpRequest) -> HttpResponse:
    """Both name the correlation id, which leads to the log line."""
    if request.path.startswith("/api/"):
        return problems.broken(request)
    return server_error(request)
