"""What staff may choose from while they correct an order."""

from typing import Any

from warehouses.models import Carrier, CarrierService


def choices_for_cards() -> dict[str, Any]:
    """Two queries for any number of cards; products are asked for while typing."""
    carriers = list(Carrier.objects.order_by("name").values_list("name", flat=True))
    services = CarrierService.objects.select_related("carrier").order_by("carrier__name", "name")
    named = [f"{service.carrier.name} {service.name}" for service in services]
    return {"carriers": [*carriers, *named], "countries": COUNTRIES}


COUNTRIES = ("US", "CA", "MX", "GB", "IE", "DE", "FR", "AT", "CH", "NL", "AU", "NZ", "JP")
"""Offered first; any two-letter code may be typed."""
