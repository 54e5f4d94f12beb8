"""One id from the click to the platform's answer, and who clicked."""

import re
import uuid
from contextvars import ContextVar

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def new_correlation_id() -> str:
    return uuid.uuid4().hex


def accepted_correlation_id(offered: str) -> str:
    """Keep a caller's id when it is harmless to log, else make one."""
    return offered if _ACCEPTED.fullmatch(offered) else new_correlation_id()
