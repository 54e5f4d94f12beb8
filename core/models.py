"""What is true for all apps and must outlive a process."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from core.errors import DomainError


class AppendOnly(DomainError):
    code = "append_only"

    def __init__(self, what: str):
        super().__init__(f"{what} is history and cannot be changed or removed.")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """History is written once; retention deletes it through `expire`, by age only."""

    def update(self, **_changes: Any) -> int:
        raise AppendOnly(str(self.model._meta.verbose_name))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly(str(self.model._meta.verbose_name))


AppendOnlyManager = models.Manager.from_queryset(AppendOnlyQuerySet)


class AppendOnlyModel(models.Model):
    """A row that is inserted and never touched again."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly(str(self._meta.verbose_name))
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly(str(self._meta.verbose_name))


class AuditEvent(AppendOnlyModel):
    """Who changed which business object, from what to what, and why."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    actor_label = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    objects = AppendOnlyManager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_of_object"),
            models.Index(fields=["actor", "-at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}"


class ApiToken(models.Model):
    """A client's key to the API; only its id and the SHA-256 of its secret are stored."""

    name = models.CharField(max_length=100, help_text="Who uses it, as in “Shopify bridge”.")
    client = models.SlugField(
        max_length=40, help_text="Short name, as in bridge; its orders have the source api:bridge."
    )
    token_id = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    allowed_networks = models.JSONField(
        default=list,
        blank=True,
        help_text="Networks that may use it, as in 203.0.113.0/24; empty means any.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired


class WorkerHeartbeat(models.Model):
    """When one host's worker for a queue last finished something, a canary if nothing else."""

    queue = models.CharField(max_length=40)
    host = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    restarts = models.PositiveIntegerField(default=0, help_text="Since the supervisor started.")

    class Meta:
        # The freshest host of a queue comes last.
        ordering = ["queue", "at"]
        constraints = [models.UniqueConstraint(fields=["queue", "host"], name="heartbeat_per_host")]

    def __str__(self) -> str:
        return self.queue


class PeriodicRun(models.Model):
    """One row per scheduled slot, so that two workers cannot both run it."""

    name = models.CharField(max_length=100)
    slot = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-slot"]
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="periodic_slot_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.slot:%Y-%m-%d %H:%M}"


class RateBudgetQuerySet(models.QuerySet["RateBudget"]):
    def take(self, key: str, now: float, amount: float = 1) -> bool:
        """Take `amount` tokens if they are there, in one UPDATE; `now` is Unix time in seconds."""
        # A host whose clock is behind must not take tokens back.
        passed = Greatest(Value(now) - F("refilled_at"), Value(0.0))
        filled = Least(F("capacity"), F("tokens") + passed * F("per_second"))
        rich = self.filter(key=key).annotate(filled=filled).filter(filled__gte=amount)
        return bool(
            rich.update(
                tokens=filled - Value(float(amount)),
                refilled_at=Greatest(F("refilled_at"), Value(now)),
            )
        )


class RateBudget(models.Model):
    """A token bucket shared by every process on every host."""

    key = models.CharField(max_length=100, unique=True)
    capacity = models.FloatField()
    per_second = models.FloatField()
    tokens = models.FloatField()
    refilled_at = models.FloatField(help_text="Unix time in seconds.")

    objects = RateBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(tokens__gte=0), name="rate_budget_never_negative")
        ]

    def __str__(self) -> str:
        return self.key


class IdempotencyRecord(models.Model):
    """One answered request of a client, so that the same key gets the same answer."""

    owner = models.CharField(max_length=60, help_text="The token or person, as in token:12.")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical body.")
    locked_until = models.DateTimeField(null=True, blank=True, help_text="Empty once answered.")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.BinaryField(default=bytes, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "method", "path", "key"], name="idempotency_key_once"
            )
        ]

    def __str__(self) -> str:
        return self.key
