"""Many orders from the list to their platforms, declared beside what is called for each."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.errors import NothingWaits
from integrations.models import Dispatch, DispatchKind, DispatchState
from integrations.models.dispatches import LIVE
from integrations.services.calls_needed import (
    CANCELLED_THERE,
    needed_to_cancel,
    needed_to_send,
    parts_to_send,
)
from integrations.services.cancel import cancel_at_platform
from integrations.services.causes import Cause
from integrations.services.help import approve_dispatch, retry_dispatch
from integrations.services.send import resend_order, send_order
from integrations.services.telling import told_of_cancelling, told_of_sending
from orders.attention import open_holds
from orders.models import Finding, FindingState, Order, OrderStatus, Severity, Shipment
from orders.services.bulk.registry import BulkAction, Forecast, Parameters, one_by_one

_ERROR = Exists(
    Finding.objects.filter(order=OuterRef("pk"), state=FindingState.OPEN, severity=Severity.ERROR)
)
_DISPATCHES = Dispatch.objects.filter(order=OuterRef("pk"))
_EVER_SENT = Exists(_DISPATCHES)
_LIVE = _DISPATCHES.filter(state__in=LIVE)
_STUCK = _DISPATCHES.filter(state=DispatchState.NEEDS_HELP)
_HELD_THERE = Exists(Shipment.objects.filter(order=OuterRef("pk")).exclude(state="cancelled"))
_WHOLE_IS_ALIVE = Exists(_LIVE.exclude(CANCELLED_THERE)) | _HELD_THERE
_A_PART_IS_FREE = Exists(parts_to_send().filter(order=OuterRef("pk")))
_ALIVE = Q(Q(parcels=1), _WHOLE_IS_ALIVE) | Q(Q(parcels__gt=1), ~_A_PART_IS_FREE)
_IN_HAND = Exists(_DISPATCHES.filter(state__in=[DispatchState.SENDING, DispatchState.UNKNOWN]))
_CANCEL_STUCK = Exists(_STUCK.filter(kind=DispatchKind.CANCEL))
_RESENDABLE = (OrderStatus.READY, OrderStatus.ROUTED, OrderStatus.PROBLEM)
_BLOCKED = open_holds() | _ERROR


def _blocked_forecast(orders: QuerySet[Order]) -> Forecast:
    return [
        ("on hold", orders.filter(open_holds()).count()),
        ("with an error to be corrected first", orders.filter(_ERROR).count()),
    ]


# --- Send -----------------------------------------------------------------------------------------


def _send(order: Order, _parameters: Parameters) -> str:
    send_order(order)
    return told_of_sending(order)


def _send_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    other = orders.exclude(status=OrderStatus.ROUTED).count()
    routed = orders.filter(status=OrderStatus.ROUTED)
    return [("not routed, or on their way already", other), *_blocked_forecast(routed)]


def _send_costs(orders: QuerySet[Order]) -> list[str]:
    return needed_to_send(orders.filter(status=OrderStatus.ROUTED).exclude(_BLOCKED))


# --- Resend ---------------------------------------------------------------------------------------


def _resend(order: Order, parameters: Parameters) -> str:
    resend_order(order, parameters["reason"])
    return told_of_sending(order)


def _resendable(orders: QuerySet[Order]) -> QuerySet[Order]:
    gone = orders.filter(_EVER_SENT).exclude(_ALIVE)
    return gone.filter(status__in=_RESENDABLE, warehouse__isnull=False, service__isnull=False)


def _resend_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    gone = orders.filter(_EVER_SENT).exclude(_ALIVE)
    ready = gone.filter(status__in=_RESENDABLE)
    return [
        ("never sent; use Send", orders.exclude(_EVER_SENT).count()),
        ("not cancelled at the platform yet", orders.filter(_EVER_SENT).filter(_ALIVE).count()),
        ("cancelled here, or past sending", gone.exclude(status__in=_RESENDABLE).count()),
        ("without a route", ready.filter(Q(warehouse=None) | Q(service=None)).count()),
        *_blocked_forecast(_resendable(orders)),
    ]


def _resend_costs(orders: QuerySet[Order]) -> list[str]:
    return needed_to_send(_resendable(orders).exclude(_BLOCKED))


# --- Cancel ---------------------------------------------------------------------------------------


def _cancel(order: Order, parameters: Parameters) -> str:
    cancels_order = bool(parameters.get("cancels_order"))
    cancel_at_platform(order, parameters["reason"], cancels_order=cancels_order)
    return told_of_cancelling(order)


def _cancel_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    nowhere = orders.exclude(Exists(_LIVE) | _HELD_THERE)
    return [
        ("at no platform", nowhere.count()),
        ("just being sent, or looked up there", orders.filter(_IN_HAND).count()),
        ("being cancelled, but that waits for a person", orders.filter(_CANCEL_STUCK).count()),
    ]


def _cancel_costs(orders: QuerySet[Order]) -> list[str]:
    able = orders.filter(Exists(_LIVE) | _HELD_THERE).exclude(_IN_HAND | _CANCEL_STUCK)
    return needed_to_cancel(able) if able.exists() else []


# --- What needs a person --------------------------------------------------------------------------


def _stuck_of(order: Order, parameters: Parameters) -> list[Dispatch]:
    """What waits for a person, of the cause that was chosen, if one was. Raises NothingWaits."""
    cause = Cause.of_parameters(parameters)
    stuck = list(cause.dispatches().filter(order=order).order_by("pk"))
    if not stuck:
        raise NothingWaits(order.number)
    return stuck


def _retry(order: Order, parameters: Parameters) -> None:
    for dispatch in _stuck_of(order, parameters):
        retry_dispatch(dispatch)


def _approve(order: Order, parameters: Parameters) -> None:
    for dispatch in _stuck_of(order, parameters):
        approve_dispatch(dispatch, parameters["reason"])


def _help_forecast(orders: QuerySet[Order], _parameters: Parameters) -> Forecast:
    return [("nothing of it waits for a person", orders.exclude(Exists(_STUCK)).count())]


SEND = BulkAction(
    name="send",
    label="Send…",
    permission="orders.send_order",
    question="Each order goes to its platform, and its label is bought.",
    forecast=_send_forecast,
    costs=_send_costs,
    act_many=one_by_one(_send),
)
RESEND = BulkAction(
    name="resend",
    label="Resend…",
    permission="orders.send_order",
    form="core.staff.forms.ReasonForm",
    question="What was cancelled at the platform is sent again by the same route, under a new "
    "reference.",
    forecast=_resend_forecast,
    costs=_resend_costs,
    act_many=one_by_one(_resend),
    # Stock rows are locked until the transaction ends, so none may wait for other orders.
    chunk=1,
)
CANCEL = BulkAction(
    name="cancel_there",
    label="Cancel at platform…",
    permission="orders.cancel_order",
    form="integrations.admin.forms.CancelForm",
    question="Bought labels are voided. Nothing is cancelled once the parcel is on its way.",
    forecast=_cancel_forecast,
    costs=_cancel_costs,
    act_many=one_by_one(_cancel),
    chunk=1,
)
RETRY = BulkAction(
    name="retry_dispatches",
    label="Retry what needs help…",
    permission="integrations.retry_dispatch",
    question="What waits for a person is tried again. What is in doubt is looked up first.",
    forecast=_help_forecast,
    act_many=one_by_one(_retry),
)
APPROVE = BulkAction(
    name="approve_dispatches",
    label="Approve what is asked…",
    permission="integrations.approve_dispatch",
    form="core.staff.forms.ReasonForm",
    question="Each is allowed exactly what it asks (a price, an arrival, a weight), and goes on.",
    forecast=_help_forecast,
    act_many=one_by_one(_approve),
)
