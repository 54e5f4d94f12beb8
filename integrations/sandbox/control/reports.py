"""What the sandbox holds, for tests: everything, or counts by reference."""

from integrations.sandbox import statistics
from integrations.sandbox.control.base import Command, refuse
from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.store import Transaction
from integrations.sandbox.world import BadWorld

ORDERS = """
SELECT reference, count(*), sum(status != 'cancelled') FROM document
WHERE kind = 'veeqo.order' GROUP BY reference
"""
ORDER_LABELS = """
SELECT (SELECT reference FROM document AS ordered WHERE ordered.kind = 'veeqo.order'
        AND ordered.id = CAST(json_extract(document.body, '$.order_id') AS TEXT)),
    count(*), sum(status = 'live') FROM document
WHERE kind = 'veeqo.shipment' GROUP BY 1
"""
SHIPMENTS = """
SELECT reference, count(*), sum(status NOT IN ('cancelled', 'cancelling', 'deleted'))
FROM document WHERE kind = 'easyship.shipment' GROUP BY reference
"""
SHIPMENT_LABELS = """
SELECT (SELECT reference FROM document AS shipped WHERE shipped.kind = 'easyship.shipment'
        AND shipped.id = document.parent),
    sum(json_extract(body, '$.amount') > 0),
    sum(CASE WHEN json_extract(body, '$.amount') > 0 THEN 1 ELSE -1 END)
FROM document WHERE kind = 'easyship.record' GROUP BY 1
"""


def references(tx: Transaction) -> Json:
    """
    Platform → reference → counts.

    created and live objects, labels ever bought (labels_bought) and still valid (labels).
    """
    return {
        "veeqo": _counted(tx, ORDERS, ORDER_LABELS),
        "easyship": _counted(tx, SHIPMENTS, SHIPMENT_LABELS),
    }


def _counted(tx: Transaction, objects: str, labels: str) -> Json:
    counts: Json = {
        reference: {"created": created, "live": live, "labels_bought": 0, "labels": 0}
        for reference, created, live in tx.run(objects)
    }
    for reference, bought, valid in tx.run(labels):
        if reference in counts:
            counts[reference] |= {"labels_bought": bought, "labels": valid}
    return counts


def list_references(command: Command) -> Response:
    """The counts by reference."""
    with command.sandbox.turn() as turn:
        return json_response(200, references(turn.tx))


def dump(command: Command) -> Response:
    """Every stored object by kind, the counts by reference, the statistics."""
    with command.sandbox.turn() as turn:
        kinds = [row[0] for row in turn.tx.run("SELECT DISTINCT kind FROM document ORDER BY kind")]
        content: Json = {
            "objects": {
                kind: [
                    {"id": row.id, "reference": row.reference, "status": row.status, **row.body}
                    for row in turn.tx.select(kind)
                ]
                for kind in kinds
            },
            "references": references(turn.tx),
            "statistics": command.sandbox.counts.report(turn.tx),
            "waiting": waiting(turn.tx),
        }
    return json_response(200, content)


def waiting(tx: Transaction) -> Json:
    """What the sandbox still has to do by itself: actions by kind, deliveries."""
    actions = dict(tx.run("SELECT action, count(*) FROM agenda GROUP BY action"))
    deliveries = tx.run("SELECT count(*) FROM delivery WHERE state = 'waiting'").fetchone()[0]
    return {"actions": actions, "deliveries": deliveries}


def show_statistics(command: Command) -> Response:
    """The statistics, and what waits."""
    with command.sandbox.turn() as turn:
        content = command.sandbox.counts.report(turn.tx)
        return json_response(200, {**content, "waiting": waiting(turn.tx)})


def reset_statistics(command: Command) -> Response:
    """Forget the log of requests and the paces."""
    with command.sandbox.turn() as turn:
        turn.tx.run("DELETE FROM request")
    command.sandbox.counts.forget()
    return json_response(200, {"reset": "statistics"})


def list_requests(command: Command) -> Response:
    """The latest requests."""
    limit = command.request.first("limit", "200")
    with command.sandbox.turn() as turn:
        rows = statistics.recent(turn.tx, int(limit) if limit.isdigit() else 200)
    return json_response(200, {"requests": rows})


def reset(command: Command) -> Response:
    """Forget everything and start from the same world, or from the one in “world”."""
    world = command.body.get("world")
    if world is not None and not isinstance(world, dict):
        refuse("“world” must be an object.")
    try:
        command.sandbox.begin_anew(world)
    except BadWorld as error:
        refuse(str(error))
    return json_response(200, {"reset": "everything"})


def health(command: Command) -> Response:
    """That it runs, and that it is the sandbox."""
    return json_response(200, {"ok": True, "sandbox": "crossdock"})
