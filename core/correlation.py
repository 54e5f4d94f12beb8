"""One id from the click to the platform's answer, and who clicked."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def new_correlation_id() -> str:
    return uuid.uuid4().hex


def accepted_correlation_id(offered: str) -> str:
    """Keep a caller's id when it is harmless to log, else make one."""
    return offered if _ACCEPTED.fullmatch(offered) else new_correlation_id()


@contextmanager
def correlated() -> Iterator[str]:
    """One id for all that happens in the block: the current one, else a new one.

    Also a decorator, for what a command may begin without a click or a job before it.
    """
    if current := correlation_id.get():
        yield current
        return
    mark = correlation_id.set(new_correlation_id())
    try:
        yield correlation_id.get()
    finally:
        correlation_id.reset(mark)
