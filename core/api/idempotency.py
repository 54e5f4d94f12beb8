"""The same request twice, one effect: `Idempotency-Key`, remembered for seven days.

The row is written first and says who is at work until when. What was done and what was answered are
committed together, so that after a crash either both are there or neither.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.refusals import ApiRefusal
from core.api.throttling import identity
from core.models import IdempotencyRecord
from core.periodic import delete_in_batches, scheduled

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LEASE = timedelta(seconds=60)
"""After this somebody who never answered is taken for dead."""
KEEP = timedelta(days=7)

_LONGEST_KEY = 255
_KEPT_HEADERS = ("Location", "ETag")
_TRIES = 5
_PATIENCE = 5
"""Seconds after which asking again is worth it: most requests are done long before their lease."""

Answering = Callable[..., HttpResponseBase]


class KeyNotValid(ApiRefusal):
    def __init__(self) -> None:
        super().__init__(
            f"An {KEY} has 1 to {_LONGEST_KEY} printable characters. Send another one.",
            code="idempotency_key_not_valid",
            status_code=400,
        )


class KeyUsedOtherwise(ApiRefusal):
    def __init__(self) -> None:
        super().__init__(
            f"This {KEY} was used for a request with another body. Send a new key with a new body.",
            code="idempotency_key_reused",
            status_code=422,
        )


class StillAtWork(ApiRefusal):
    def __init__(self, seconds: float):
        super().__init__(
            f"A request with this {KEY} is being worked on. Send it again later.",
            code="idempotency_key_in_use",
            status_code=409,
            headers={"Retry-After": str(max(1, round(seconds)))},
        )


def idempotent(method: Answering) -> Answering:
    """Make a view's method answer a repeated key as it did the first time.

    The answers of 4xx and 5xx are not remembered: nothing was done, and the key is free again.
    Raises KeyNotValid, KeyUsedOtherwise, StillAtWork.
    """

    @wraps(method)
    def answered_once(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if KEY not in request.headers:
            return method(view, request, *args, **kwargs)
        record = _claim(request)
        if record.status is not None:
            return _replayed(record)
        return _perform(record, partial(method, view, request, *args, **kwargs))

    return answered_once


def body_hash(body: Any) -> str:
    """SHA-256 of the body in canonical JSON: spaces and the order of keys do not count."""
    plain = dict(body.lists()) if isinstance(body, MultiValueDict) else body
    canonical = json.dumps(
        plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_file_hash
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _file_hash(file: UploadedFile) -> list[str | None]:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return [file.name, digest.hexdigest()]


def _key_of(request: Request) -> str:
    key = request.headers[KEY]
    if not key.isprintable() or not 1 <= len(key) <= _LONGEST_KEY:
        raise KeyNotValid()
    return key


def _claim(request: Request) -> IdempotencyRecord:
    """Our own new row, a dead one taken over, or the one that holds the answer."""
    names = {
        "owner": identity(request),
        "method": request.method or "",
        "path": request.path,
        "key": _key_of(request),
    }
    wanted = body_hash(request.data)
    for _ in range(_TRIES):
        if ours := _insert(names, wanted):
            return ours
        # None: it was freed after our INSERT had lost.
        theirs = IdempotencyRecord.objects.filter(**names).first()
        if theirs and (known := _look_at(theirs, wanted)):
            return known
    raise StillAtWork(1)


def _insert(names: dict[str, str], wanted: str) -> IdempotencyRecord | None:
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                **names, body_hash=wanted, locked_until=timezone.now() + LEASE
            )
    except IntegrityError:
        return None


def _look_at(record: IdempotencyRecord, wanted: str) -> IdempotencyRecord | None:
    """The answered row, or one whose owner died and that is ours now; None when too slow."""
    if record.body_hash != wanted:
        raise KeyUsedOtherwise()
    if record.status is not None:
        return record
    now = timezone.now()
    if record.locked_until and record.locked_until > now:
        raise StillAtWork(min(_PATIENCE, (record.locked_until - now).total_seconds()))
    return record if _keep(record, locked_until=now + LEASE) else None


def _perform(record: IdempotencyRecord, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    mine, is_kept = _mine(record), False
    try:
        with transaction.atomic():
            response = act()
            if response.status_code < 400:
                response = _remembered(record, response)
            else:
                transaction.set_rollback(True)
        is_kept = response.status_code < 400
        return response
    finally:
        if not is_kept:
            mine.delete()


def _remembered(record: IdempotencyRecord, response: HttpResponseBase) -> HttpResponse:
    """Write the answer beside the effect. Raises StillAtWork when another has taken over."""
    body = JSONRenderer().render(response.data) if isinstance(response, Response) else b""
    headers = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    headers["Content-Type"] = "application/json"
    if not _keep(
        record, status=response.status_code, body=body, headers=headers, locked_until=None
    ):
        raise StillAtWork(_PATIENCE)
    return _answer(record)


def _keep(record: IdempotencyRecord, **changes: Any) -> bool:
    """Change the row if it is still as we know it: the time of the lock marks whose it is."""
    if not _mine(record).update(**changes):
        return False
    for name, value in changes.items():
        setattr(record, name, value)
    return True


def _mine(record: IdempotencyRecord) -> Any:
    return IdempotencyRecord.objects.filter(
        pk=record.pk, status__isnull=True, locked_until=record.locked_until
    )


def _answer(record: IdempotencyRecord) -> HttpResponse:
    return HttpResponse(bytes(record.body), status=record.status, headers=record.headers)


def _replayed(record: IdempotencyRecord) -> HttpResponse:
    answer = _answer(record)
    answer[REPLAYED] = "true"
    return answer


def expired(now: datetime) -> Any:
    """Answers that nobody will ask for again."""
    return IdempotencyRecord.objects.order_by().filter(created_at__lt=now - KEEP)


@scheduled(every=timedelta(days=1))
def expire_answers() -> int:
    """Forget answers after seven days; returns the number of rows."""
    return delete_in_batches(expired(timezone.now()))
