"""Addresses of routing's views; config/api_urls.py hangs them in."""

from django.urls import path, re_path

from routing.api.views import OrderRouteViewSet, RoutingViewSet

_ACTIONS = {"route": "post", "override": "post", "unroute": "post", "decision": "get"}

urlpatterns = [
    *(
        re_path(
            rf"^orders/(?P<pk>[0-9]{{1,18}})/{action}$",
            OrderRouteViewSet.as_view({method: action}),
            name=f"order-{action}",
        )
        for action, method in _ACTIONS.items()
    ),
    path("routing/preview", RoutingViewSet.as_view({"post": "preview"}), name="routing-preview"),
]
