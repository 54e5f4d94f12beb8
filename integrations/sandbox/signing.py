"""
Webhooks on the wire: a POST whose X-EASYSHIP-SIGNATURE is a JWT of the company, not of the body.

As documented: HS256, signed with the webhook's secret, payload {easyship_company_id}.
"""

import base64
import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5
HEADER = "X-EASYSHIP-SIGNATURE"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said; status 0 if nothing, with the reason as text."""

    status: int
    text: str = ""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


def sign(secret: str, company: str) -> str:
    """A JWT (RFC 7519) of the company's id."""
    head, payload = ({"alg": "HS256"}, {"easyship_company_id": company})
    content = ".".join(_encoded(json.dumps(part).encode()) for part in (head, payload))
    mac = hmac.new(secret.encode(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{_encoded(mac)}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def deliver(url: str, body: str, secret: str, company: str) -> Answer:
    """POST one event; no redirect is followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Easyship-Webhooks (Crossdock sandbox)",
        HEADER: sign(secret, company),
    }
    try:
        connection.request("POST", target, body.encode(), headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, f"{type(error).__name__}: {error}")
    finally:
        connection.close()
    return Answer(response.status)
