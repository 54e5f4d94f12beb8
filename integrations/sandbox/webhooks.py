"""Delivering queued webhooks, with retries, one at a time and in order of their times."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from integrations.sandbox.clock import now
from integrations.sandbox.easyship import webhooks
from integrations.sandbox.messages import Json, words
from integrations.sandbox.options import Options
from integrations.sandbox.signing import Answer, deliver
from integrations.sandbox.store import Transaction
from integrations.sandbox.turn import Turn

FORGED_SECRET = "webh_not-the-secret-of-this-webhook"  # noqa: S105 — what forgeries are signed with


@dataclass(frozen=True, slots=True)
class Delivery:
    """One waiting delivery and where it goes."""

    seq: int
    attempts: int
    url: str
    secret: str
    company: str
    body: str
    webhook: str


class Deliveries:
    """The queue's worker. The network is never touched inside a transaction."""

    def __init__(self, turns: Callable[[], AbstractContextManager[Turn]], options: Options):
        self._turns = turns
        self._attempts = options.webhook_attempts
        self._pause = options.webhook_pause

    def deliver_next(self) -> bool:
        """Make the delivery that is due first; False if none is."""
        with self._turns() as turn:
            delivery = _next(turn)
        if delivery is None:
            return False
        answer = deliver(delivery.url, delivery.body, delivery.secret, delivery.company)
        with self._turns() as turn:
            self._note(turn, delivery, answer)
        return True

    def _note(self, turn: Turn, delivery: Delivery, answer: Answer) -> None:
        attempts = delivery.attempts + 1
        state, due = "waiting", now() + self._pause
        if answer.accepted:
            state = "delivered"
        elif attempts >= self._attempts:
            state = "given up"
            _give_up_webhook(turn, delivery.webhook)
        turn.tx.run(
            "UPDATE delivery SET state = ?, due = ?, attempts = ?, answer = ? WHERE seq = ?",
            state,
            due,
            attempts,
            str(answer.status or answer.text),
            delivery.seq,
        )


def _next(turn: Turn) -> Delivery | None:
    row = turn.tx.run(
        "SELECT seq, attempts, webhook, forged, body FROM delivery"
        " WHERE state = 'waiting' AND due <= ? ORDER BY due, seq LIMIT 1",
        turn.now,
    ).fetchone()
    if row is None:
        return None
    seq, attempts, webhook_id, forged, body = row
    webhook = turn.tx.get(webhooks.KIND, webhook_id)
    if webhook is None or webhook["state"] != "active":
        turn.tx.run("UPDATE delivery SET state = 'given up' WHERE seq = ?", seq)
        return _next(turn)
    return Delivery(
        seq,
        attempts,
        webhook["endpoint"],
        FORGED_SECRET if forged else webhook["secret_token"],
        turn.world.account.easyship_company_id,
        body,
        webhook_id,
    )


def _give_up_webhook(turn: Turn, webhook_id: str) -> None:
    """After the last failure the webhook must be activated again by hand."""
    webhook = turn.tx.get(webhooks.KIND, webhook_id)
    if webhook:
        webhook["state"] = "inactive"
        webhooks.save(turn, webhook)


def recent(tx: Transaction, limit: int) -> list[Json]:
    """The latest deliveries, newest first."""
    names = words("seq due webhook event resource state attempts answer forged body")
    rows = tx.run(f"SELECT {', '.join(names)} FROM delivery ORDER BY seq DESC LIMIT ?", limit)  # noqa: S608 — fixed names
    shown = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        {**row, "forged": bool(row["forged"]), "body": json.loads(row["body"])} for row in shown
    ]
