"""The second half of the demo's main job: routed orders to the platforms, labels back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from core.errors import DomainError
from integrations.models import Dispatch, DispatchState
from integrations.services import send_order
from orders.models import Order, OrderStatus, Shipment, ShipmentState

HEADINGS = ("order", "route", "platform", "reference", "tracking", "cost")
_UNLABELLED = [ShipmentState.CREATED, ShipmentState.CANCELLED]


class NoLabel(DomainError):
    code = "no_label"

    def __init__(self, reasons: Iterable[str]):
        super().__init__("Not every routed order has a label. " + " ".join(reasons))


@dataclass(frozen=True, slots=True)
class Sent:
    """Orders promised to platforms in this run, and why others were not."""

    orders: list[int]
    refusals: list[str]


def send_routed() -> Sent:
    """Promise every routed order to its platform."""
    sent, refusals = [], []
    for order in Order.objects.filter(status=OrderStatus.ROUTED).order_by("number"):
        try:
            send_order(order)
        except DomainError as error:
            refusals.append(str(error))
        else:
            sent.append(order.pk)
    return Sent(sent, refusals)


def is_at_work(sent: Sent) -> bool:
    """Whether a worker still has something to do for one of these orders."""
    states = [DispatchState.WAITING, DispatchState.SENDING, DispatchState.UNKNOWN]
    return Dispatch.objects.filter(order__in=sent.orders, state__in=states).exists()


def progress(sent: Sent) -> str:
    """How many labels are there already."""
    return f"{_labels(sent).count()} of {len(sent.orders)} have their label"


def labelled() -> list[tuple[str, ...]]:
    """Every order with a label, in the columns of HEADINGS."""
    shipments = Shipment.objects.exclude(state__in=_UNLABELLED).exclude(tracking_number="")
    known = shipments.select_related("order__warehouse", "service").order_by("order__number")
    return [_row(shipment) for shipment in known]


def _row(shipment: Shipment) -> tuple[str, ...]:
    order = shipment.order
    return (
        order.number,
        f"{order.warehouse} · {shipment.service.code}",
        shipment.get_platform_display(),
        shipment.reference,
        shipment.tracking_number,
        f"{shipment.cost} {shipment.currency}" if shipment.cost is not None else "not said",
    )


def check_labels(sent: Sent) -> None:
    """Raises NoLabel when an order of this run has none, with the reason of each."""
    done = set(_labels(sent).values_list("order_id", flat=True))
    missing = [pk for pk in sent.orders if pk not in done]
    reasons = [*sent.refusals, *(_reason(order) for order in Order.objects.filter(pk__in=missing))]
    if reasons:
        raise NoLabel(reasons)


def _labels(sent: Sent) -> QuerySet[Shipment]:
    labels = Shipment.objects.filter(order__in=sent.orders).exclude(tracking_number="")
    return labels.exclude(state__in=_UNLABELLED)


def _reason(order: Order) -> str:
    stuck = Dispatch.objects.filter(order=order).exclude(state=DispatchState.DONE).first()
    why = stuck.error or f"it is “{stuck.get_state_display()}”." if stuck else "nobody says why."
    return f"{order.number}: {why}"
