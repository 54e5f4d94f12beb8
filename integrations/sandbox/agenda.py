"""What the sandbox does by itself: scheduled actions that survive restarts."""

import json
from collections.abc import Mapping

from integrations.sandbox.turn import Action, Turn

BATCH = 200


def run_due(turn: Turn, actions: Mapping[str, Action]) -> int:
    """Run the actions that are due, oldest first, at most a batch; how many ran."""
    rows = turn.tx.run(
        "SELECT seq, due, action, body FROM agenda WHERE due <= ? ORDER BY due, seq LIMIT ?",
        turn.now,
        BATCH,
    ).fetchall()
    for seq, due, action, body in rows:
        # An action before this one may have called it off.
        if turn.tx.run("DELETE FROM agenda WHERE seq = ?", seq).rowcount:
            actions[action](turn, json.loads(body), due)
    return len(rows)
