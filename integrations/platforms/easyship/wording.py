"""How Easyship words its errors. Pure. Facts: contract §2.3, §3.

`message` is generic, `details` say what is wrong. Some 403s are about pace, not about the token.
"""

import re
from collections.abc import Mapping
from typing import Any

from integrations.platforms import reading
from integrations.platforms.errors import AllowanceSpent, PlatformError, RateLimited, Unavailable
from integrations.platforms.faults import Dialect, Failure, waiting_time

_PACE = re.compile(r"per second|per minute|rate limit", re.IGNORECASE)
_ALLOWANCE = re.compile(r"usage limit|quota|usage period|allowance", re.IGNORECASE)


def words_of(body: Any) -> str:
    """The details of an error envelope, or its message when there are none."""
    error = _envelope(body)
    details = reading.sentences(error.get("details"))
    return "; ".join(dict.fromkeys(details)) or reading.text(error, "message")


def judge(failure: Failure, words: str) -> PlatformError | None:
    """What means something else here than its status says."""
    error = _envelope(failure.body)
    said = f"{words} {reading.text(error, 'message')}"
    if failure.status == 403:
        return _judge_forbidden(error, said, failure)
    if failure.status == 400 and reading.text(error, "type") == "api_error":
        return Unavailable(words, is_ambiguous=failure.writes)
    return None


def _judge_forbidden(error: Mapping[str, Any], said: str, failure: Failure) -> PlatformError | None:
    if not error:
        # Not their envelope: the edge in front of them turned us away (contract §1).
        return Unavailable("turned away before reaching Easyship (HTTP 403)")
    if _ALLOWANCE.search(said):
        return AllowanceSpent(said.strip())
    if _PACE.search(said):
        return RateLimited(retry_after=waiting_time(failure.headers, failure.now))
    return None


def _envelope(body: Any) -> Mapping[str, Any]:
    return reading.child(body, "error") if isinstance(body, Mapping) else {}


DIALECT = Dialect(words_of, judge)
