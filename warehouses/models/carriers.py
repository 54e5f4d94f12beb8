"""Carriers, their services, and what a parcel costs and how long it takes."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from warehouses.models.places import COUNTRY_CODE


class Platform(models.TextChoices):
    """The outside systems that carry parcels for us."""

    EASYSHIP = "easyship", "Easyship"
    VEEQO = "veeqo", "Veeqo"


class ServiceScope(models.TextChoices):
    DOMESTIC = "domestic", "Domestic"
    INTERNATIONAL = "international", "International"


class Carrier(models.Model):
    """A carrier, and the one platform it goes through."""

    code = models.SlugField(max_length=20, unique=True, help_text="As in fedex.")
    name = models.CharField(max_length=60)
    platform = models.CharField(max_length=20, choices=Platform)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values), name="carrier_has_a_known_platform"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CarrierService(models.Model):
    """One product of a carrier, as in UPS Ground, and what it takes."""

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="services")
    code = models.SlugField(max_length=40, unique=True, help_text="As in ups-ground.")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=20, choices=ServiceScope, default=ServiceScope.DOMESTIC)
    countries = models.JSONField(
        default=list,
        blank=True,
        help_text="Two-letter codes it delivers to; empty means every country of its scope.",
    )
    transit_days_min = models.PositiveSmallIntegerField(help_text="Business days.")
    transit_days_max = models.PositiveSmallIntegerField(help_text="Business days.")
    max_weight_grams = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    max_length_mm = models.PositiveIntegerField(null=True, blank=True)
    max_length_plus_girth_mm = models.PositiveIntegerField(
        null=True, blank=True, help_text="Longest side plus twice the sum of the other two."
    )
    dimensional_divisor = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Cubic centimetres per kilogram; empty means size is not billed. "
        "139 in³/lb is 5022.",
    )
    accepts_po_box = models.BooleanField("PO boxes", default=False)
    accepts_military = models.BooleanField("APO/FPO/DPO", default=False)
    accepts_hazmat = models.BooleanField("hazmat", default=False)
    accepts_batteries = models.BooleanField("lithium batteries", default=True)
    residential_only = models.BooleanField(default=False)
    delivers_on_saturday = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["carrier", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(transit_days_max__gte=F("transit_days_min")),
                name="service_transit_in_order",
                violation_error_message="The longest transit is shorter than the shortest.",
            ),
            models.CheckConstraint(
                condition=Q(max_weight_grams__gt=0), name="service_carries_something"
            ),
            models.CheckConstraint(
                condition=Q(dimensional_divisor__isnull=True) | Q(dimensional_divisor__gt=0),
                name="service_divisor_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DestinationZone(models.Model):
    """Which rate zone of a carrier a foreign country lies in; US zones come from distance."""

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="zones")
    country = models.CharField(max_length=2, validators=[COUNTRY_CODE])
    zone = models.CharField(max_length=4)

    class Meta:
        ordering = ["carrier", "country"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "country"],
                name="one_zone_a_country",
                violation_error_message="This carrier already has a zone for that country.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.zone}"


class TransitTime(models.Model):
    """Business days a service takes to a zone, where they differ from the service's own range."""

    service = models.ForeignKey(CarrierService, models.CASCADE, related_name="transit_times")
    zone = models.CharField(max_length=4)
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["service", "zone"]
        constraints = [
            models.UniqueConstraint(fields=["service", "zone"], name="one_transit_a_zone"),
            models.CheckConstraint(
                condition=Q(days_max__gte=F("days_min")), name="transit_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.days_min}–{self.days_max}"


class RateCard(models.Model):
    """What a service costs to a zone up to a billable weight; an estimate, not a quote."""

    service = models.ForeignKey(CarrierService, models.CASCADE, related_name="rates")
    zone = models.CharField(max_length=4)
    up_to_grams = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")

    class Meta:
        ordering = ["service", "zone", "up_to_grams"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "zone", "up_to_grams"],
                name="one_rate_a_break",
                violation_error_message="There is already a price for that zone and weight.",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, up_to_grams__gt=0), name="rate_is_a_price"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone} up to {self.up_to_grams} g: {self.price} {self.currency}"
