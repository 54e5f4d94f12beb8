"""What went wrong with one call, told as a PlatformError. Pure, but for the clock it is given."""

import email.utils
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from integrations.platforms.errors import (
    BadCredentials,
    Garbled,
    NotFound,
    PaymentNeeded,
    PlatformError,
    RateLimited,
    Redirected,
    Refused,
    Unavailable,
    Unintelligible,
)

LONGEST_WAIT = 3600.0
_WORDS_SHOWN = 600


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is not a success; `body` is its JSON, or None."""

    status: int
    headers: Mapping[str, str]
    body: Any
    writes: bool
    now: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a platform words its errors: `words` reads them out of a body, `judge` knows the
    answers that mean something else there than everywhere (None: nothing special).
    """

    words: Callable[[Any], str]
    judge: Callable[[Failure, str], PlatformError | None] = lambda _failure, _words: None


def fault_of(failure: Failure, dialect: Dialect) -> PlatformError:
    """The error an unsuccessful answer means."""
    words = dialect.words(failure.body)[:_WORDS_SHOWN]
    fault = dialect.judge(failure, words) or _by_status(failure, words)
    fault.status = failure.status
    return fault


def _by_status(failure: Failure, words: str) -> PlatformError:
    match failure.status:
        case 401 | 403:
            return BadCredentials(words)
        case 402:
            return PaymentNeeded(words)
        case 404:
            return NotFound(words)
        case 409 | 425:
            return Unavailable(words)
        case 408:
            return Unavailable(words, is_ambiguous=failure.writes)
        case 429:
            return RateLimited(words, retry_after=waiting_time(failure.headers, failure.now))
        case status if 300 <= status < 400:
            return Redirected(f"HTTP {status}", is_ambiguous=failure.writes)
        case status if 400 <= status < 500:
            return Refused(words)
        case status if status >= 500:
            wait = waiting_time(failure.headers, failure.now)
            return Unavailable(words, is_ambiguous=failure.writes, retry_after=wait)
        case status:
            return Unintelligible(f"HTTP {status}", is_ambiguous=failure.writes)


def waiting_time(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by Retry-After (seconds or date) or X-RateLimit-Reset (epoch), capped."""
    asked = _seconds(headers.get("Retry-After", ""), now)
    if asked is None:
        reset = _number(headers.get("X-RateLimit-Reset", ""))
        asked = None if reset is None else reset - now
    return None if asked is None else min(max(asked, 0.0), LONGEST_WAIT)


def _seconds(text: str, now: float) -> float | None:
    number = _number(text)
    if number is not None or not text:
        return number
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None


def _number(text: str) -> float | None:
    # Ten digits are an epoch until the year 2286; much more is not a number we can use.
    return float(text) if re.fullmatch(r"\s*\d{1,12}(\.\d{1,6})?\s*", text, re.ASCII) else None


def transport_fault(error: requests.RequestException, *, writes: bool) -> PlatformError:
    """No answer, or half of one. Its message is left out: it holds the query string."""
    if _never_left(error):
        return Unavailable("no connection")
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("no secure connection", is_ambiguous=writes)
    if isinstance(error, requests.Timeout):
        return Unavailable("no answer in time", is_ambiguous=writes)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return Garbled("the answer is damaged", is_ambiguous=writes)
    return Unavailable("the connection was cut", is_ambiguous=writes)


def _never_left(error: requests.RequestException) -> bool:
    """True when not one byte of the request can have reached the platform."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    inner = error.args[0] if error.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else inner
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
