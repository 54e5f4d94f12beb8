"""Who acts: a person, an API client, or a job of ours."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for API clients and jobs; `label` is what history shows."""

    label: str
    user_id: int | None = None


SYSTEM = Actor("system")

current_actor: ContextVar[Actor] = ContextVar("current_actor", default=SYSTEM)
