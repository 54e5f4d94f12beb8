"""What a handler works with: one transaction and the sandbox's circumstances."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from integrations.sandbox.faults import Faults
from integrations.sandbox.identity import Identities
from integrations.sandbox.messages import Json, Request, Response
from integrations.sandbox.options import Options
from integrations.sandbox.store import Transaction
from integrations.sandbox.world import World


@dataclass
class Turn:
    """One turn at the store. Now: seconds since 1970."""

    tx: Transaction
    world: World
    faults: Faults
    options: Options
    now: float
    base_url: str

    @cached_property
    def ids(self) -> Identities:
        return Identities(self.tx, self.options.seed)

    def schedule(self, due: float, action: str, body: Json) -> None:
        """Have an action run at that time, across restarts."""
        self.tx.run(
            "INSERT INTO agenda (due, action, body) VALUES (?, ?, ?)",
            due,
            action,
            json.dumps(body),
        )


@dataclass
class Call:
    """One request being answered: the turn, the request, its path parameters, its JSON body."""

    turn: Turn
    request: Request
    params: Mapping[str, str]
    body: Any = None

    @property
    def tx(self) -> Transaction:
        return self.turn.tx

    @property
    def now(self) -> float:
        return self.turn.now


@dataclass(frozen=True, slots=True)
class Followup:
    """The rest of an answer, worked out once the transaction is committed: it uses the network."""

    finish: Callable[[], Response]


Handler = Callable[[Call], Response | Followup]
Action = Callable[[Turn, Json, float], None]
