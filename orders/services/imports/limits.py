"""How large an uploaded file may be, from the settings."""

from dataclasses import replace

from django.conf import settings

from orders.intake.tables import DEFAULT_LIMITS, Limits


def limits() -> Limits:
    return replace(DEFAULT_LIMITS, bytes=settings.IMPORT_MAX_BYTES, rows=settings.IMPORT_MAX_ROWS)
