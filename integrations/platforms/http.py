"""The one place that talks HTTP. Every failure leaves here as a PlatformError.

Nothing is repeated here, reads neither: the dispatch queue repeats, because only it knows what is
safe and what the budget allows.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from integrations.platforms.calls import Call, CallRecord, Hooks, Purpose
from integrations.platforms.errors import (
    BadCredentials,
    Garbled,
    PlatformError,
    Unavailable,
    Unintelligible,
    Unsendable,
)
from integrations.platforms.faults import Dialect, Failure, fault_of, transport_fault
from integrations.platforms.redaction import excerpt, mask, personal_values

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
LARGEST_ANSWER = 16 * 1024 * 1024
_CHUNK = 64 * 1024
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")
_SEGMENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")

Reading = TypeVar("Reading")


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer; `body` is its JSON (None when empty), `content` its bytes."""

    status: int
    headers: Mapping[str, str]
    body: Any
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """One request in the platform's words; `writes` is False for a POST that only asks."""

    method: str
    path: str
    purpose: Purpose
    body: Any = None
    query: Mapping[str, Any] | None = None
    writes: bool = False
    accept: str = "application/json"
    read_seconds: float = READ_SECONDS


def segment(remote_id: str) -> str:
    """A remote id as one segment of a path. Raises Unsendable for anything that could climb."""
    if not _SEGMENT.fullmatch(remote_id):
        raise Unsendable(f"{remote_id[:40]!r} is not an id of theirs")
    return quote(remote_id, safe="")


class JsonApi:
    """One platform account over HTTP. Keys travel in headers only."""

    def __init__(
        self,
        platform: str,
        base_url: str,
        headers: Mapping[str, str],
        *,
        dialect: Dialect,
        hooks: Hooks,
        version: str,
        other_origins: Sequence[str] = (),
    ):
        """`other_origins` may be asked for files by full URL; the key goes with the question."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"The base URL of {platform} must be like https://host/path.")
        self.platform = platform
        self.base_url = base_url.rstrip("/")
        self._origins = (f"{parts.scheme}://{parts.netloc}", *other_origins)
        self.dialect = dialect
        self.hooks = hooks
        self._secrets = _secrets_of(headers)
        self.session = _session(headers, version)
        for value in headers.values():
            # requests would quote the value in its own error.
            if not _HEADER_VALUE.fullmatch(value):
                self._fail(BadCredentials("no key is set, or it has characters no key can have"))

    def __repr__(self) -> str:
        return f"JsonApi({self.platform}, {urlsplit(self.base_url).hostname})"

    def ask(self, request: Request, read: Callable[[Answer], Reading]) -> Reading:
        """Make one call and read its answer.

        Raises PlatformError and what the hooks raise. `read` may raise any PlatformError;
        its Unintelligible counts as ambiguous after a write.
        """
        call = Call(
            self.platform.casefold(),
            request.method,
            urlsplit(request.path).path,
            request.purpose,
            request.writes,
        )
        try:
            self.hooks.before_call(call)
        except PlatformError as held_back:
            self._fail(held_back)
        started = time.monotonic()
        answer: Answer | None = None
        try:
            answer = self._exchange(request)
            answer = self._checked(answer, request)
            reading = read(answer)
        except PlatformError as error:
            self._observe(call, request, answer, started, error)
            self._fail(self._settled(error, request))
        self._observe(call, request, answer, started, None)
        return reading

    def _exchange(self, request: Request) -> Answer:
        try:
            response = self.session.request(
                request.method,
                self._url(request.path),
                params=request.query,
                json=request.body,
                headers={"Accept": request.accept},
                timeout=(CONNECT_SECONDS, request.read_seconds),
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = _read_all(response, request)
        except requests.RequestException as error:
            raise transport_fault(error, writes=request.writes) from None
        return Answer(response.status_code, response.headers, None, content)

    def _checked(self, answer: Answer, request: Request) -> Answer:
        """The answer with its JSON, if it is a success. Raises what its status means."""
        if not 200 <= answer.status < 300:
            body = _lenient_json(answer.content)
            failure = Failure(answer.status, answer.headers, body, request.writes, time.time())
            raise fault_of(failure, self.dialect)
        if request.accept != "application/json" or not answer.content:
            return answer
        return replace(answer, body=_strict_json(answer.content))

    def _url(self, path: str) -> str:
        if path.startswith("/"):
            return f"{self.base_url}{path}"
        if any(path.startswith(f"{origin}/") for origin in self._origins):
            return path
        raise Unintelligible(f"a link to {urlsplit(path).hostname} is not followed")

    def _settled(self, error: PlatformError, request: Request) -> PlatformError:
        if isinstance(error, Unintelligible):
            error.is_ambiguous = request.writes
        error.words = mask(error.words, self._known(request))
        error.args = (error.words,)
        return error

    def _known(self, request: Request) -> frozenset[str]:
        """What must not be quoted back to us."""
        return self._secrets | personal_values({"query": request.query, "body": request.body})

    def _fail(self, error: PlatformError) -> NoReturn:
        error.platform = self.platform
        raise error from None

    def _observe(
        self,
        call: Call,
        request: Request,
        answer: Answer | None,
        started: float,
        error: PlatformError | None,
    ) -> None:
        known = self._known(request)
        asked = {"query": request.query, "body": request.body}
        self.hooks.observe(
            CallRecord(
                call=call,
                status=answer.status if answer else None,
                milliseconds=round((time.monotonic() - started) * 1000),
                outcome=error.code if error else "ok",
                request_excerpt=excerpt({k: v for k, v in asked.items() if v}, known),
                response_excerpt=_shown(answer, known),
            )
        )


def _session(headers: Mapping[str, str], version: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # A default library agent is turned away at Easyship's edge.
    session.headers.update({"User-Agent": f"Crossdock/{version}", **headers})
    adapter = HTTPAdapter(max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _secrets_of(headers: Mapping[str, str]) -> frozenset[str]:
    """Each header's value, whole and without its scheme."""
    return frozenset(
        part
        for value in headers.values()
        for part in (value, value.split(" ")[-1])
        if len(part) > 2
    )


def _read_all(response: requests.Response, request: Request) -> bytes:
    """The body, unless it is too large or drips for longer than a call may take."""
    deadline = time.monotonic() + min(request.read_seconds, READ_SECONDS)
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise Unintelligible(f"the answer is larger than {LARGEST_ANSWER // 1024**2} MB")
        if time.monotonic() > deadline:
            raise Unavailable("no complete answer in time", is_ambiguous=request.writes)
    return bytes(content)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _strict_json(content: bytes) -> Any:
    """Numbers with a point become Decimal. Raises Garbled, also for absurd nesting."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError):
        raise Garbled("the answer is not JSON") from None


def _lenient_json(content: bytes) -> Any:
    try:
        return _strict_json(content)
    except Garbled:
        return None


def _shown(answer: Answer | None, known: frozenset[str]) -> str:
    if answer is None:
        return ""
    body = _lenient_json(answer.content) if answer.body is None else answer.body
    if body is not None:
        return excerpt(body, known)
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("text/"):
        return excerpt(answer.content[:65536].decode("utf-8", "replace"), known)
    return f"[{kind or 'unnamed content'}, {len(answer.content)} bytes]" if answer.content else ""
