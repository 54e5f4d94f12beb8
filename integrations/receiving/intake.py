"""A delivery is proven, then kept: one insert, and a worker is woken. Nothing else happens here."""

import json
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.budgets import take
from core.tasks import enqueue
from integrations.models import WebhookEvent, WebhookState
from integrations.platforms.easyship.webhooks import WebhookHint, parse_webhook, verify_webhook
from integrations.platforms.errors import Unintelligible
from integrations.receiving import rules
from integrations.receiving.processing import process_webhook
from warehouses.models import Platform

_KEPT_HEADERS = ("Content-Type", "User-Agent", "X-Easyship-Company-Id", "X-Request-Id")
_LONGEST_HEADER = 200


def webhook_secrets() -> list[str]:
    """The current secret and, during a rotation, the other one."""
    return [part.strip() for part in settings.EASYSHIP_WEBHOOK_SECRET.split(",") if part.strip()]


def prove(raw_body: bytes, headers: Mapping[str, str]) -> str:
    """The account that the signature names. Raises Forged."""
    return verify_webhook(raw_body, headers, webhook_secrets(), timezone.now())


def read(raw_body: bytes) -> WebhookHint:
    """What the event is about. Raises Unintelligible, also for JSON nested too deeply."""
    hint = parse_webhook(raw_body)
    if _is_deeper(json.loads(raw_body), rules.DEEPEST_JSON):
        raise Unintelligible(f"the event is nested deeper than {rules.DEEPEST_JSON} levels")
    return hint


def is_affordable(source: str) -> bool:
    """One delivery more from this source, counted for all processes together."""
    return take(
        f"webhook:{source}",
        capacity=rules.DELIVERIES_AT_ONCE,
        per_second=rules.DELIVERIES_PER_SECOND,
        now=time.time(),
    )


def keep(raw_body: bytes, hint: WebhookHint, account: str, headers: Mapping[str, str]) -> bool:
    """Store the event and wake a worker; False for one that is stored already."""
    event = WebhookEvent(
        source=Platform.EASYSHIP,
        digest=hint.digest,
        event_type=_plain(hint.event_type, 100),
        remote_shipment_id=_plain(hint.shipment_id, 100),
        account=_plain(account, 100),
        headers=_allowed(headers),
        body=raw_body,
    )
    try:
        with transaction.atomic():
            event.save()
            enqueue(process_webhook, event.pk, queue=event.source)
    except IntegrityError:
        _note_another(event)
        return False
    return True


def _note_another(event: WebhookEvent) -> None:
    """Count it. Long after the first was processed, the same words are news: nothing in a body
    tells a second “Exception” of a parcel from the first one delivered twice.
    """
    now = timezone.now()
    same = WebhookEvent.objects.filter(source=event.source, digest=event.digest)
    same.update(deliveries=F("deliveries") + 1, last_received_at=now)
    settled = same.filter(
        state__in=[WebhookState.DONE, WebhookState.IGNORED],
        processed_at__lt=now - rules.SAME_AGAIN_AFTER,
    )
    if settled.update(state=WebhookState.WAITING, attempts=0, next_attempt_at=now):
        enqueue(process_webhook, same.values_list("pk", flat=True).get(), queue=event.source)


def _allowed(headers: Mapping[str, str]) -> dict[str, str]:
    found = {name: headers.get(name, "") for name in _KEPT_HEADERS}
    return {name: _plain(value, _LONGEST_HEADER) for name, value in found.items() if value}


def _plain(text: str, longest: int) -> str:
    """What every database can keep."""
    return text.replace("\x00", "").encode(errors="ignore").decode()[:longest]


def _is_deeper(read: Any, levels: int) -> bool:
    level = [read]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(outer: Any) -> list[Any]:
    if isinstance(outer, dict):
        return list(outer.values())
    return outer if isinstance(outer, list) else []
