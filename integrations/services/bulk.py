"""Sending many orders from the list, declared beside what it calls."""

from django.db.models import Exists, OuterRef, QuerySet

from integrations.services.send import send_order
from integrations.services.telling import told_of_sending
from orders.attention import open_holds
from orders.models import Finding, FindingState, Order, OrderStatus, Severity
from orders.services.bulk.registry import BulkAction, Forecast, Parameters, one_by_one

_ERROR = Finding.objects.filter(
    order=OuterRef("pk"), state=FindingState.OPEN, severity=Severity.ERROR
)


def _send(order: Order, _parameters: Parameters) -> str:
    send_order(order)
    return told_of_sending(order)


def _forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    routed = orders.filter(status=OrderStatus.ROUTED)
    return [
        ("not routed, or on their way already", orders.exclude(status=OrderStatus.ROUTED).count()),
        ("on hold", routed.filter(open_holds()).count()),
        ("with an error to be corrected first", routed.filter(Exists(_ERROR)).count()),
    ]


SEND = BulkAction(
    name="send",
    label="Send…",
    permission="orders.send_order",
    question="Each order goes to its platform, and its label is bought.",
    forecast=_forecast,
    act_many=one_by_one(_send),
)
