from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class WarehousesConfig(AppConfig):
    name = "warehouses"
    verbose_name = "Network"

    def ready(self) -> None:
        post_migrate.connect(load_missing_zips, sender=self)


def load_missing_zips(using: str, verbosity: int, **_kwargs: Any) -> None:
    """Fill an empty ZIP table: without it intake could not tell a city from a street."""
    from warehouses.models import ZipCentroid
    from warehouses.seed.zip_codes import load_zips

    if not settings.ZIPS_AFTER_MIGRATE or using != "default" or ZipCentroid.objects.exists():
        return
    loaded = load_zips()
    if verbosity:
        print(f"  ZIP codes loaded: {loaded:,}.")  # noqa: T201 — migrate speaks this way
