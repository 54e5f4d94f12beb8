"""Addresses of the platforms' views; config/api_urls.py hangs them in."""

from django.urls import path

from integrations.api.drift import DriftViewSet

urlpatterns = [
    path("drift", DriftViewSet.as_view({"get": "list"}), name="drift-list"),
]
