"""How Easyship answers: named envelopes with meta, and errors with a code and links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from integrations.sandbox.messages import Json, Request, Response, json_response
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Call

DOCUMENTS = "https://developers.easyship.com"
MALFORMED = "The request does not comply with the OpenAPI Specification."
MESSAGES = {
    "invalid_request": "The request body is malformed or not valid.",
    "api_error": "Internal or 3rd party API error.",
    "invalid_token": "Invalid token.",
    "payment_required": "Insufficient balance on your account. Please add more funds.",
    "forbidden": (
        "You do not have permission to access this resource. Please contact our support team or"
        " your account manager if you believe you should have access."
    ),
    "invalid_endpoint": "The requested endpoint does not exist.",
    "resource_not_found": "The requested resource was not found.",
    "invalid_content": "The request body content is not valid.",
    "invalid_url_param": "The request URL param is invalid.",
    "too_many_requests": (
        "Rate Limit Exceeded. You have reached the maximum number of requests."
        " Please try again later."
    ),
    "internal_server_error": "Unexpected internal error.",
}
STATUSES = {
    "invalid_request": 400,
    "api_error": 400,
    "invalid_token": 401,
    "payment_required": 402,
    "forbidden": 403,
    "invalid_endpoint": 404,
    "resource_not_found": 404,
    "invalid_content": 422,
    "invalid_url_param": 422,
    "too_many_requests": 429,
    "internal_server_error": 500,
}
ADDED_LINKS = {
    "payment_required": ("Payments", "payments"),
    "forbidden": ("Scopes", "scopes"),
    "too_many_requests": ("Rate limit", "rate-limit"),
}
FARTHEST_PAGE = 10**9
SERVER_SIDE = ("api_error", "internal_server_error")


@dataclass(frozen=True, slots=True)
class Page:
    """Where Easyship documents an operation; its guide is a how-to page's name and place."""

    title: str
    place: str
    guide: tuple[str, str] | None = None


class Problem(Exception):
    """Easyship says no. Formal problems are the schema's and link to no operation."""

    def __init__(self, code: str, details: Sequence[str], *, formal: bool = False):
        super().__init__(code)
        self.code = code
        self.details = list(details)
        self.formal = formal


def fail(code: str, *details: str) -> NoReturn:
    """Raise a problem with these details."""
    raise Problem(code, details)


def missing(name: str) -> NoReturn:
    """Raise Easyship's 404 for a resource of that name."""
    fail("resource_not_found", f"The {name} was not found")


def found(body: Json | None, name: str) -> Json:
    """The body, or Easyship's 404."""
    if body is None:
        missing(name)
    return body


def problem_response(problem: Problem, request: Request, page: Page | None = None) -> Response:
    """A problem as Easyship answers it, with its links."""
    links = [_link("documentation", "Errors", "reference/errors")]
    if not problem.formal:
        links += _more_links(problem.code, page)
    error = {
        "code": problem.code,
        "type": "api_error" if problem.code in SERVER_SIDE else "invalid_request_error",
        "message": MESSAGES[problem.code],
        "details": problem.details,
        "links": links,
        "request_id": request.id,
    }
    return json_response(STATUSES[problem.code], {"error": error})


def _more_links(code: str, page: Page | None) -> list[Json]:
    links = []
    if code in ADDED_LINKS:
        name, place = ADDED_LINKS[code]
        links.append(_link("documentation", name, f"reference/{place}"))
    if page:
        links.append(_link("documentation", page.title, f"reference/{page.place}"))
    if page and page.guide:
        links.append(_link("how-to-guide", page.guide[0], f"docs/{page.guide[1]}"))
    return links


def _link(kind: str, name: str, place: str) -> Json:
    return {"kind": kind, "name": name, "url": f"{DOCUMENTS}/{place}"}


def single(call: Call, name: str, content: Any, status: int = 200, /, **meta: Any) -> Response:
    """One resource in its envelope."""
    return json_response(status, {name: content, "meta": {**meta, "request_id": call.request.id}})


def success(call: Call, message: str) -> Response:
    """A deletion or action, answered 200."""
    content = {"success": {"message": message}, "meta": {"request_id": call.request.id}}
    return json_response(200, content)


def window(call: Call) -> tuple[int, int]:
    """page and per_page, checked before by the schema where the operation has pages."""
    page, size = call.request.first("page"), call.request.first("per_page")
    number = min(int(page), FARTHEST_PAGE) if page.isdecimal() else 1
    return number, int(size) if size.isdecimal() else 20


def listing(call: Call, name: str, rows: Sequence[Any], *, counted: bool = True) -> Response:
    """The page asked for out of all rows."""
    page, size = window(call)
    start = (page - 1) * size
    more = len(rows) > start + size
    count = len(rows) if counted else None
    return envelope(call, name, rows[start : start + size], more=more, count=count)


def envelope(
    call: Call, name: str, rows: Sequence[Any], *, more: bool, count: int | None
) -> Response:
    """The rows of one page in their envelope."""
    page, _ = window(call)
    pagination = {"page": page, "next": page + 1 if more else None, "count": count}
    meta = {"pagination": pagination, "request_id": call.request.id}
    return json_response(200, {name: list(rows), "meta": meta})


def select_window(
    call: Call, kind: str, where: str, values: list[Any]
) -> tuple[list[Document], bool]:
    """The page's documents, newest first, and whether more follow."""
    page, size = window(call)
    tail = f"ORDER BY seq DESC LIMIT {size + 1} OFFSET {(page - 1) * size}"
    documents = call.tx.select(kind, where, values, tail)
    return documents[:size], len(documents) > size
