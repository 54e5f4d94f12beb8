"""Every error of the API as a problem detail (RFC 9457): a stable code, the correlation id."""

import logging
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from core.api.refusals import ApiRefusal, TooLarge
from core.correlation import correlation_id
from core.errors import DomainError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "The request is not valid",
    401: "Sign in or send a token",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Refused by a business rule",
    412: "The version does not match",
    413: "Too large",
    415: "Unsupported media type",
    422: "It cannot be done as it was asked",
    428: "A precondition is required",
    429: "Too many requests",
    500: "Something broke on our side",
}


def problem(
    status_code: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Build the body; `errors` name the field and what is wrong with it."""
    body: dict[str, Any] = {
        "type": f"urn:crossdock:problem:{code}",
        "title": TITLES.get(status_code, "Error"),
        "status": status_code,
        "detail": detail,
        "code": code,
        "correlation_id": correlation_id.get(),
    }
    return body | ({"errors": errors} if errors else {})


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refused rule is 409; DRF's own errors keep their status; a bug stays a bug."""
    if isinstance(error, SuspiciousOperation):
        error = _unreadable(error)
    if isinstance(error, DomainError):
        set_rollback()
        return _refusal(error)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    answer = _answer(response.status_code, _code_of(error), _sentence(error), field_errors(error))
    for header in ("WWW-Authenticate", "Retry-After"):
        if response.headers.get(header):
            answer[header] = response.headers[header]
    return answer


def _refusal(error: DomainError) -> Response:
    if not isinstance(error, ApiRefusal):
        return _answer(status.HTTP_409_CONFLICT, error.code, str(error))
    answer = _answer(error.status_code, error.code, str(error), error.errors)
    answer.data |= error.members
    for header, value in error.headers.items():
        answer[header] = value
    return answer


def _unreadable(error: SuspiciousOperation) -> ApiRefusal:
    """Django refused to read the body: too large, or of too many parts."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge("The request is too large. Send it in parts.")
    detail = "The request has too many fields or files. Send it in parts."
    return ApiRefusal(detail, code="too_many_parts", status_code=status.HTTP_400_BAD_REQUEST)


def _answer(
    status_code: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    return Response(
        problem(status_code, code, detail, errors), status=status_code, content_type=CONTENT_TYPE
    )


def _code_of(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid"
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    return str(getattr(error, "default_code", "error"))


def _sentence(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some fields are not valid. Each is named in “errors”."
    if isinstance(error, Http404):
        return "There is nothing at this address, or you may not see it."
    return str(getattr(error, "detail", "") or error)


def field_errors(error: Exception) -> list[dict[str, str]]:
    if not isinstance(error, exceptions.ValidationError):
        return []
    return list(_flatten(error.detail, ""))


def _flatten(detail: Any, place: str) -> list[dict[str, str]]:
    """Turn DRF's nested errors into a list; `place` is a dotted path, as in lines.0.quantity."""
    if isinstance(detail, dict):
        return [
            found
            for name, inner in detail.items()
            for found in _flatten(inner, f"{place}.{name}".strip("."))
        ]
    if isinstance(detail, list):
        nested = any(isinstance(inner, dict | list) for inner in detail)
        return [
            found
            for index, inner in enumerate(detail)
            for found in _flatten(inner, f"{place}.{index}".strip(".") if nested else place)
        ]
    code = str(getattr(detail, "code", "invalid"))
    return [{"field": place, "code": code, "message": str(detail)}]


@csrf_exempt  # it changes nothing, and a POST must hear of its mistake as well
def not_found(_request: HttpRequest, _path: str = "") -> JsonResponse:
    """The answer to an API address that does not exist."""
    body = problem(404, "not_found", "There is no such address in this API.")
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def broken(_request: HttpRequest) -> JsonResponse:
    """The answer when a bug escaped; the correlation id leads to its log line."""
    detail = "It was not your request. Tell us the correlation id."
    return JsonResponse(problem(500, "broken", detail), status=500, content_type=CONTENT_TYPE)
