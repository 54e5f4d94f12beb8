"""New orders of a client are judged, recorded and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from rest_framework import exceptions
from rest_framework.request import Request

from core.api.problems import field_errors
from core.api.refusals import ApiRefusal, TooLarge
from core.models import ApiToken
from orders.api.given import MAX_BULK, BulkInput, NewOrderInput, received_of
from orders.api.shown import order_url
from orders.intake.parsed import Received
from orders.models import Finding, Order
from orders.services.intake.record import Outcome, record_orders

BY_HAND = "manual"


class NumberExists(ApiRefusal):
    """Carries the address of the order that has the number."""

    def __init__(self, order: Order):
        super().__init__(
            f"There is already an order {order.number} from {order.source}. Open it, or use "
            "another number.",
            code="number_taken",
            status_code=409,
            members={"existing": order_url(order.pk)},
        )


class NotRecorded(ApiRefusal):
    def __init__(self, outcome: Outcome):
        super().__init__(
            outcome.problem, code="not_recorded", status_code=422, errors=errors_of(outcome)
        )


def errors_of(outcome: Outcome) -> list[dict[str, str]]:
    """What the checks found wrong with an order that was not recorded."""
    return [
        {"field": found.field, "code": found.code, "message": found.message}
        for found in outcome.found
        if found.severity == "error"
    ]


def source_of(request: Request, given: Any) -> str:
    """A token's orders are its own; staff may say where theirs come from."""
    if not isinstance(request.auth, ApiToken):
        return str(given or BY_HAND)
    own = f"api:{request.auth.client}"
    if given and given != own:
        raise exceptions.ValidationError(
            {"source": f"Orders of this token have the source {own}. Leave “source” out."}
        )
    return own


def record_one(received: Received, source: str) -> Order:
    """Raises NumberExists, NotRecorded."""
    (outcome,) = record_orders([received], source=source)
    if outcome.order is None:
        raise NotRecorded(outcome)
    if outcome.state != "created":
        raise NumberExists(outcome.order)
    return outcome.order


@dataclass(slots=True)
class Row:
    """One order of many: what was sent, and either what is wrong with it or what it became."""

    index: int
    sent: Any
    received: Received | None = None
    errors: list[dict[str, str]] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def number(self) -> str:
        if self.received:
            return self.received.order.number
        given = self.sent.get("number") if isinstance(self.sent, Mapping) else None
        return given[:64] if isinstance(given, str) else ""


def record_many(request: Request) -> list[dict[str, Any]]:
    """Record each order that can be, and tell of each what became of it. Raises TooLarge."""
    _check_count(request.data)
    bulk = BulkInput().run_validation(request.data)
    source = source_of(request, bulk.get("source"))
    fields = NewOrderInput()
    rows = [_row(index, sent, fields) for index, sent in enumerate(bulk["orders"])]
    good = [row for row in rows if row.received]
    outcomes = record_orders([row.received for row in good if row.received], source=source)
    for row, outcome in zip(good, outcomes, strict=True):
        row.outcome = outcome
    written = _as_written(outcomes)
    return [_result(row, written) for row in rows]


def _as_written(outcomes: Sequence[Outcome]) -> dict[int, Order]:
    """The new orders with their findings, which include what only the database could tell."""
    created = [one.order.pk for one in outcomes if one.order and one.state == "created"]
    findings = Prefetch("findings", Finding.objects.filter(state="open").select_related("line"))
    return Order.objects.only("status").prefetch_related(findings).in_bulk(created)


def _check_count(body: Any) -> None:
    orders = body.get("orders") if isinstance(body, Mapping) else None
    if isinstance(orders, Sequence) and not isinstance(orders, str) and len(orders) > MAX_BULK:
        raise TooLarge(
            f"{len(orders):,} orders are too many for one request. Send at most {MAX_BULK:,}, "
            "and the others in further requests."
        )


def _row(index: int, sent: Any, fields: NewOrderInput) -> Row:
    try:
        given = fields.run_validation(sent)
    except exceptions.ValidationError as error:
        return Row(index, sent, errors=field_errors(error))
    return Row(index, sent, received_of(given, sent))


def _result(row: Row, written: Mapping[int, Order]) -> dict[str, Any]:
    outcome = row.outcome
    order = outcome.order if outcome else None
    order = written.get(order.pk, order) if order else None
    state = outcome.state if outcome else "failed"
    return {
        "index": row.index,
        "number": row.number,
        "state": state,
        "id": order.pk if order else None,
        "url": order_url(order.pk) if order else None,
        "status": order.status if order else None,
        "findings": _findings(order) if order and state == "created" else [],
        "error": _error(row) if state == "failed" else None,
    }


def _findings(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "field": finding.field,
            "line": finding.line.position if finding.line else None,
            "message": finding.message,
            "next_step": finding.next_step,
        }
        for finding in order.findings.all()
    ]


def _error(row: Row) -> dict[str, Any]:
    outcome = row.outcome
    if outcome is None:
        detail = "Some fields are not valid. Each is named in “errors”."
        return {"code": "invalid", "detail": detail, "errors": row.errors}
    code = "number_taken" if outcome.order else "not_recorded"
    return {"code": code, "detail": outcome.problem, "errors": errors_of(outcome)}
