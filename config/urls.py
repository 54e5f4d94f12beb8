"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config import health
from integrations.receiving import views as webhooks

handler500 = "config.errors.broken"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("webhooks/easyship/", webhooks.easyship, name="easyship-webhook"),
    # Registered without its slash: no sender follows a redirect with its body.
    re_path(r"^webhooks/easyship\Z", webhooks.easyship),
    path("readyz", health.readyz, name="readyz"),
]
