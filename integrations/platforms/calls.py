"""One outward call: what the hooks see before it, and what they may record after it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Purpose(StrEnum):
    """Why we call, for pacing (labels before syncs) and for the request log."""

    FIND = "find"
    CREATE = "create"
    PREPARE = "prepare"
    QUOTE = "quote"
    LABEL = "label"
    DOCUMENT = "document"
    FETCH = "fetch"
    CANCEL = "cancel"
    TRACK = "track"
    RECONCILE = "reconcile"
    MASTER_DATA = "master_data"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Call:
    """A call about to be made; `writes` means the platform changes something.

    `platform` is the adapter's kind; `path` has no query and no host.
    """

    platform: str
    method: str
    path: str
    purpose: Purpose
    writes: bool


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call that was made. Excerpts are redacted and capped; `outcome` is "ok" or an error code.

    `status` is None when no answer arrived.
    """

    call: Call
    status: int | None
    milliseconds: int
    outcome: str
    request_excerpt: str
    response_excerpt: str


def _nothing(_subject: object) -> None:
    """The hook of someone who does not listen."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """`before_call` may hold a call back by raising OutOfBudget, Paused or an error of its own;
    nothing is sent then. `observe` runs once per call that was made, and must not raise.
    """

    before_call: Callable[[Call], None] = field(default=_nothing)
    observe: Callable[[CallRecord], None] = field(default=_nothing)
