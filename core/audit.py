"""The trail: who changed which business object, from what to what, and why."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model

from core.actor import current_actor
from core.correlation import correlation_id
from core.models import AuditEvent

Values = Mapping[str, Any]
_NEVER_SHOWN = {"password", "digest"}


def record_audit(
    action: str,
    subject: Model,
    *,
    before: Values | None = None,
    after: Values | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one event in the caller's transaction; only values that differ are kept."""
    old, new = changed(before or {}, after or {})
    actor = current_actor.get()
    return AuditEvent.objects.create(
        actor_id=actor.user_id,
        actor_label=actor.label,
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        object_label=str(subject)[:200],
        before=old,
        after=new,
        reason=reason[:500],
        correlation_id=correlation_id.get(),
    )


def snapshot(subject: Model) -> dict[str, Any]:
    """The object's own columns as JSON values; secrets are left out."""
    return {
        field.attname: plain(getattr(subject, field.attname))
        for field in subject._meta.concrete_fields
        if field.name not in _NEVER_SHOWN
    }


def changed(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what differs on either side."""
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return (
        {name: plain(before[name]) for name in names if name in before},
        {name: plain(after[name]) for name in names if name in after},
    )


def plain(value: Any) -> Any:
    """A value JSON can hold; decimals and times as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | list | dict | type(None)):
        return value
    return str(value)
