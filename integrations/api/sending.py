"""/orders/{id}/send, resend and cancel: promises to platforms, kept in the background."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import Flag, NothingInput, ReasonInput, WholeNumber
from core.api.idempotency import idempotent
from core.api.permissions import Access
from core.api.schema import IDEMPOTENCY_KEY, IDEMPOTENCY_REFUSALS, refusals
from integrations.api.shown import SentSerializer, sent_body
from integrations.services import cancel_at_platform, resend_order, send_order
from integrations.services.telling import told_of_cancelling, told_of_sending
from orders.models import Order

_SEND = Access("dispatch:write", "orders.send_order")
_REFUSED: dict[int, str] = IDEMPOTENCY_REFUSALS | {
    409: "The order may not be sent, sent again or cancelled now, or the Idempotency-Key is in use."
}
_ANSWER: dict[Any, Any] = {
    202: OpenApiResponse(SentSerializer, "Promised; a worker keeps it. Ask for the shipments."),
    **refusals(_REFUSED),
}


class CancelInput(ReasonInput):
    cancel_order = Flag(
        default=False, help_text="Cancel the order as well; else it is ready to be routed again."
    )
    part = WholeNumber(
        required=False,
        min_value=1,
        max_value=999,
        help_text="Of a split order only this one; else every part that has not left yet.",
    )


class OrderSendingViewSet(viewsets.GenericViewSet[Order]):
    """What may be done about one order at its platform."""

    queryset = Order.objects.all()
    serializer_class = SentSerializer
    pagination_class = None
    access = {
        "send": _SEND,
        "resend": _SEND,
        "cancel": Access("dispatch:write", "orders.cancel_order"),
    }

    @extend_schema(request=NothingInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def send(self, request: Request, pk: str) -> HttpResponseBase:
        """Send a routed order to its platform and have its label bought."""
        NothingInput(data=request.data or {}).is_valid(raise_exception=True)
        order = self.get_object()
        send_order(order)
        return _accepted(order, told_of_sending(order))

    @extend_schema(request=ReasonInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def resend(self, request: Request, pk: str) -> HttpResponseBase:
        """Send again, under a new reference, what was cancelled at the platform."""
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        order = self.get_object()
        resend_order(order, given.validated_data["reason"])
        return _accepted(order, told_of_sending(order))

    @extend_schema(request=CancelInput, parameters=[IDEMPOTENCY_KEY], responses=_ANSWER)
    @idempotent
    def cancel(self, request: Request, pk: str) -> HttpResponseBase:
        """Call back what the platform holds; a bought label is voided."""
        given = CancelInput(data=request.data)
        given.is_valid(raise_exception=True)
        order, wanted = self.get_object(), given.validated_data
        cancel_at_platform(
            order,
            wanted["reason"],
            cancels_order=wanted["cancel_order"],
            part=wanted.get("part"),
        )
        return _accepted(order, told_of_cancelling(order))


def _accepted(order: Order, sentence: str) -> Response:
    order.refresh_from_db()
    body = SentSerializer(sent_body(order, sentence)).data
    return Response(body, status=status.HTTP_202_ACCEPTED)
