"""Why dispatches wait for a person, the same reasons together: fixed once, replayed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from integrations.models import Dispatch, DispatchState
from warehouses.models import Platform

MOST_CAUSES = 50
MOST_SENTENCES = 3
_READ_SENTENCES = 300


@dataclass(frozen=True, slots=True)
class Cause:
    """What like dispatches share; None: anything. `error` is the whole sentence."""

    platform: str | None = None
    error_code: str | None = None
    missing: str | None = None
    error: str | None = None

    @classmethod
    def of_parameters(cls, parameters: Mapping[str, Any]) -> Cause:
        return cls(**{name: parameters.get(name) for name in cls.__slots__})

    @property
    def parameters(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    def dispatches(self) -> QuerySet[Dispatch]:
        """All that wait for this reason."""
        return Dispatch.objects.filter(state=DispatchState.NEEDS_HELP, **self.parameters)

    def order_ids(self) -> list[int]:
        """The orders of all that wait for this reason, each once."""
        orders = self.dispatches().order_by("order_id").values_list("order_id", flat=True)
        return list(orders.distinct())


@dataclass(slots=True)
class Sentence:
    cause: Cause
    words: str
    count: int


@dataclass(slots=True)
class CauseGroup:
    """One line of the list: how many wait, since when, and what they say, most often first."""

    cause: Cause
    count: int
    oldest: datetime
    asking: int
    """How many ask something that may be approved."""
    sentences: list[Sentence] = field(default_factory=list)
    others: int = 0
    """How many say something else than the sentences shown."""

    @property
    def platform(self) -> str:
        return str(Platform(self.cause.platform or "").label)


def grouped_causes() -> list[CauseGroup]:
    """The most frequent causes, each with its most frequent sentences; two queries."""
    stuck = Dispatch.objects.filter(state=DispatchState.NEEDS_HELP).order_by()
    keys = stuck.values_list("platform", "error_code", "missing")
    counted = keys.annotate(
        n=Count("pk"), oldest=Min("created_at"), asking=Count("pk", filter=~Q(asked={}))
    ).order_by("-n", "platform", "error_code", "missing")[:MOST_CAUSES]
    groups = {
        tuple(key): CauseGroup(Cause(*key), n, oldest, asking)
        for *key, n, oldest, asking in counted
    }
    if groups:
        _add_sentences(stuck, groups)
    return list(groups.values())


def _add_sentences(stuck: QuerySet[Dispatch], groups: dict[tuple[Any, ...], CauseGroup]) -> None:
    said = stuck.values_list("platform", "error_code", "missing", "error").annotate(n=Count("pk"))
    for platform, code, missing, words, n in said.order_by("-n", "error")[:_READ_SENTENCES]:
        group = groups.get((platform, code, missing))
        if group and len(group.sentences) < MOST_SENTENCES:
            cause = Cause(platform, code, missing, words)
            group.sentences.append(Sentence(cause, words, n))
    for group in groups.values():
        group.others = group.count - sum(sentence.count for sentence in group.sentences)
