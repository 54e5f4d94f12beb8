"""Addresses that concern platforms; config/api_urls.py hangs them in."""

from django.urls import path, re_path

from integrations.api.drift import DriftViewSet
from integrations.api.parcels import OrderParcelsViewSet
from integrations.api.sending import OrderSendingViewSet

_ORDER = r"^orders/(?P<pk>[0-9]{1,18})"

urlpatterns = [
    *(
        re_path(
            rf"{_ORDER}/{action}$",
            OrderSendingViewSet.as_view({"post": action}),
            name=f"order-{action}",
        )
        for action in ("send", "resend", "cancel")
    ),
    *(
        re_path(
            rf"{_ORDER}/{action}$",
            OrderParcelsViewSet.as_view({"get": action}),
            name=f"order-{action}",
        )
        for action in ("shipments", "events")
    ),
    re_path(
        rf"{_ORDER}/documents/(?P<document>[0-9]{{1,18}})$",
        OrderParcelsViewSet.as_view({"get": "document"}),
        name="order-document",
    ),
    path("drift", DriftViewSet.as_view({"get": "list"}), name="drift-list"),
]
