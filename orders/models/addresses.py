"""Addresses that a person vouched for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AddressOverride(models.Model):
    """“This address is right as it is”, remembered with its reason for every later order."""

    address_key = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the address in compared form."
    )
    address = models.CharField(max_length=700, help_text="As it was when it was vouched for.")
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="address_override_says_why",
                violation_error_message="Say how you know that the address is right.",
            )
        ]

    def __str__(self) -> str:
        return self.address
