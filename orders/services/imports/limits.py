"""How large an uploaded file may be, from the settings."""

from django.conf import settings

from orders.intake.tables import Limits


def limits() -> Limits:
    return Limits(**settings.IMPORT_LIMITS)
