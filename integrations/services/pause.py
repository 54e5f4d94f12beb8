"""A person stops all calls to a platform, and lets them go on."""

from django.db import transaction
from django.utils import timezone

from core.actor import current_actor
from core.audit import record_audit
from integrations.dispatching.circuit import health_of
from integrations.errors import AlreadyPaused, NeedsAReason, NotPaused
from integrations.models import PlatformHealth
from integrations.tasks import poke


@transaction.atomic
def pause_platform(platform: str, reason: str) -> PlatformHealth:
    """Call the platform no more until resumed. Raises NeedsAReason, AlreadyPaused."""
    reason = reason.strip()
    if not reason:
        raise NeedsAReason("Pausing")
    health = health_of(platform)
    if not PlatformHealth.objects.filter(pk=health.pk, paused_at=None).update(
        paused_at=timezone.now(),
        paused_by_id=current_actor.get().user_id,
        pause_reason=reason[:300],
    ):
        raise AlreadyPaused(str(health))
    record_audit("pause_platform", health, after={"paused": True}, reason=reason)
    health.refresh_from_db()
    return health


@transaction.atomic
def resume_platform(platform: str) -> PlatformHealth:
    """Let calls go on; the breaker is closed with it. Raises NotPaused."""
    health = health_of(platform)
    if not PlatformHealth.objects.filter(pk=health.pk, paused_at__isnull=False).update(
        paused_at=None, paused_by=None, pause_reason="", failures=0, open_until=None
    ):
        raise NotPaused(str(health))
    record_audit("resume_platform", health, before={"paused": True})
    health.refresh_from_db()
    poke(platform)
    return health
