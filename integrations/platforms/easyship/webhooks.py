"""Easyship's webhooks: who sent it is signed, what it says is not. Pure.

The signature is a JWT (HS256) over a company id; the body is not covered and nothing marks a
delivery as new, so an event is a hint to fetch the shipment, known by a hash of its body.
Facts: contract §11.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.platforms import reading

LARGEST_BODY = 256 * 1024
SIGNATURE_HEADER = "X-EASYSHIP-SIGNATURE"
_LEEWAY_SECONDS = 60
_LONGEST_TOKEN = 4096


class Forged(Exception):
    """Not proven to be Easyship's. The reason is for our log, not for the sender."""


@dataclass(frozen=True, slots=True)
class WebhookHint:
    """What an event is about; `digest` is the same for each delivery of the same body."""

    event_type: str
    shipment_id: str
    reference: str
    words: str
    digest: str

    @property
    def is_about_a_shipment(self) -> bool:
        return bool(self.shipment_id)


def verify_webhook(
    raw_body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime
) -> str:
    """The company id the signature names, "" when it names none. Raises Forged.

    `secrets` holds the current one, and the previous one while it is being changed.
    """
    if len(raw_body) > LARGEST_BODY:
        raise Forged("the body is too large")
    token = _header(headers)
    signed, _, signature = token.rpartition(".")
    if signed.count(".") != 1 or len(token) > _LONGEST_TOKEN:
        raise Forged("the signature is not a token of three parts")
    if not any(_matches(signed, signature, secret) for secret in secrets if secret):
        raise Forged("the signature does not match")
    algorithm, claims = (_part(part) for part in signed.split("."))
    if algorithm.get("alg") != "HS256":
        raise Forged("the signature uses another algorithm")
    _require_current(claims, now)
    return reading.text(claims, "easyship_company_id")


def parse_webhook(raw_body: bytes) -> WebhookHint:
    """What the event is about. Raises Unintelligible."""
    try:
        body = json.loads(raw_body) if len(raw_body) <= LARGEST_BODY else None
    except (ValueError, RecursionError):
        body = None
    event = reading.as_object(body, "The event")
    about = reading.child(event, "data") or reading.child(event, "shipment")
    return WebhookHint(
        event_type=reading.text(event, "event_type"),
        shipment_id=_shipment_id(event, about),
        reference=reading.text(about, "platform_order_number"),
        words=reading.text(about, "status"),
        digest=hashlib.sha256(raw_body).hexdigest(),
    )


def _shipment_id(event: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    named = reading.text(about, "easyship_shipment_id")
    if named or reading.text(event, "resource_type") != "shipment":
        return named
    return reading.text(event, "resource_id")


def _header(headers: Mapping[str, str]) -> str:
    wanted = SIGNATURE_HEADER.casefold()
    return next((value for name, value in headers.items() if name.casefold() == wanted), "")


def _matches(signed: str, signature: str, secret: str) -> bool:
    expected = hmac.new(secret.encode(), signed.encode(errors="replace"), hashlib.sha256).digest()
    return hmac.compare_digest(expected, _bytes(signature))


def _part(part: str) -> Mapping[str, Any]:
    try:
        decoded = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise Forged("the signature cannot be read") from None
    if not isinstance(decoded, dict):
        raise Forged("the signature cannot be read")
    return decoded


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _require_current(claims: Mapping[str, Any], now: datetime) -> None:
    """No expiry is documented; one that is there is honoured."""
    if "exp" not in claims:
        return
    expiry = reading.decimal(claims, "exp")
    if expiry is None or expiry + _LEEWAY_SECONDS < int(now.timestamp()):
        raise Forged("the signature has expired")
