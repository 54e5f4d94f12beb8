"""Warehouses, when carriers collect there, and where ZIP codes lie."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

COUNTRY_CODE = RegexValidator(r"^[A-Z]{2}\Z", "Use the two-letter country code, as in US.")
CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]*\Z", "Use capital letters, digits and hyphens, as in RNO1."
)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name} is not a time zone. Use a name as in America/Los_Angeles.")


class Weekday(models.IntegerChoices):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Warehouse(models.Model):
    """A building that ships."""

    code = models.CharField(max_length=20, unique=True, validators=[CODE])
    name = models.CharField(max_length=100)
    contact_name = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    address_1 = models.CharField(max_length=200)
    address_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=50)
    postal_code = models.CharField(max_length=20)
    country = models.CharField(max_length=2, default="US", validators=[COUNTRY_CODE])
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees north.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees east; negative in America.",
    )
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    priority = models.PositiveSmallIntegerField(
        default=100, help_text="Lower ships first when all else is equal."
    )
    daily_capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Orders a day; empty means no limit."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="warehouse_is_on_earth",
                violation_error_message="Latitude is -90 to 90, longitude -180 to 180 degrees.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PickupCutoff(models.Model):
    """Until when an order still leaves with today's pickup; no row means no pickup that day."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="cutoffs")
    carrier = models.ForeignKey("warehouses.Carrier", models.CASCADE, related_name="cutoffs")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    local_time = models.TimeField(help_text="In the warehouse's own time zone.")

    class Meta:
        ordering = ["warehouse", "carrier", "weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse", "carrier", "weekday"],
                name="one_cutoff_a_day",
                violation_error_message="This carrier already has a cut-off there on that weekday.",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="cutoff_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.local_time:%H:%M}"


class WarehouseClosure(models.Model):
    """A date on which nothing leaves the building."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="closures")
    date = models.DateField()
    reason = models.CharField(max_length=100)

    class Meta:
        ordering = ["date", "warehouse"]
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse", "date"],
                name="one_closure_a_day",
                violation_error_message="This warehouse is already closed on that date.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"


class ZipCentroid(models.Model):
    """A US ZIP code: its state, its city names and where it lies. Seeded by `load_zips`."""

    zip_code = models.CharField(max_length=5, primary_key=True)
    state = models.CharField(max_length=2)
    city = models.CharField(max_length=60, help_text="The name the postal service prefers.")
    other_cities = models.JSONField(
        default=list, blank=True, help_text="Further accepted city names."
    )
    latitude = models.DecimalField(max_digits=7, decimal_places=4)
    longitude = models.DecimalField(max_digits=7, decimal_places=4)
    time_zone = models.CharField(max_length=40)

    class Meta:
        ordering = ["zip_code"]
        verbose_name = "ZIP code"
        indexes = [models.Index("state", Upper("city"), name="zip_by_city")]

    def __str__(self) -> str:
        return f"{self.zip_code} {self.city}, {self.state}"


class CityName(models.Model):
    """One name that mail to a ZIP code may bear, in the form in which names are compared."""

    zip_centroid = models.ForeignKey(
        ZipCentroid, models.CASCADE, related_name="city_names", db_index=False
    )
    state = models.CharField(max_length=2)
    key = models.CharField(max_length=60)

    class Meta:
        ordering = ["key", "state", "zip_centroid"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "state", "zip_centroid"], name="one_city_name_a_zip"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.state}"
