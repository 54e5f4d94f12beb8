"""Whether a platform may be called, and since when not: shared by every process."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from warehouses.models import Platform


class PlatformHealth(models.Model):
    """The circuit breaker and the pause switch of one platform."""

    platform = models.CharField(max_length=20, choices=Platform, unique=True)
    failures = models.PositiveIntegerField(default=0, help_text="Calls that failed in a row.")
    open_until = models.DateTimeField(
        null=True, blank=True, help_text="No call before then; after it one probe at a time."
    )
    slow_until = models.DateTimeField(
        null=True, blank=True, help_text="The platform asked us to wait."
    )
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    pause_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["platform"]
        verbose_name = "platform"
        permissions = [("pause_platform", "Can pause and resume a platform")]
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(pause_reason=""),
                name="pause_says_why",
                violation_error_message="Say why the platform is paused.",
            )
        ]

    def __str__(self) -> str:
        return self.get_platform_display()
