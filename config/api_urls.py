"""The API's addresses; each app brings its own resources."""

from django.contrib.admin.views.decorators import staff_member_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from core.api.problems import not_found
from integrations.api.dispatches import DispatchViewSet
from integrations.api.urls import urlpatterns as platform_urls
from orders.api.import_rows import ImportRowViewSet
from orders.api.imports import ImportViewSet
from orders.api.orders import OrderViewSet
from routing.api.urls import urlpatterns as routing_urls
from routing.api.views import RulesetViewSet
from warehouses.api import (
    CarrierViewSet,
    ProductViewSet,
    ServiceViewSet,
    StockViewSet,
    WarehouseViewSet,
)

app_name = "api"

router = SimpleRouter(trailing_slash=False)
router.register("warehouses", WarehouseViewSet)
router.register("carriers", CarrierViewSet)
router.register("services", ServiceViewSet)
router.register("products", ProductViewSet)
router.register("stock", StockViewSet)
router.register("orders", OrderViewSet, basename="order")
router.register("imports", ImportViewSet, basename="import")
router.register("imports/(?P<session>[0-9]{1,18})/rows", ImportRowViewSet, basename="import-row")
router.register("rulesets", RulesetViewSet)
router.register("dispatches", DispatchViewSet)

docs = SpectacularSwaggerSplitView.as_view(url_name="api:schema")

urlpatterns = [
    *router.urls,
    *routing_urls,
    *platform_urls,
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", staff_member_required(docs), name="docs"),
    re_path(r"^(?P<_path>(?s:.*))\Z", not_found),
]
