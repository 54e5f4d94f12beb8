"""Making, finding and revoking API tokens.

A token is `cdk_<id>_<secret>`. Only the id and the SHA-256 of the secret are stored, so a copy of
the database opens nothing. The secret has 256 bits of randomness, so a fast hash is enough.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.audit import record_audit
from core.errors import DomainError
from core.models import ApiToken

PREFIX = "cdk"
LAST_USED_PRECISION = timedelta(minutes=1)

SCOPES: dict[str, str] = {
    "network:read": "Read warehouses, carriers and services",
    "stock:read": "Read products and stock",
    "orders:read": "Read orders",
    "orders:write": "Create and change orders",
    "imports:write": "Import files of orders, apply and undo them",
    "routing:read": "Read decisions and rulesets",
    "routing:write": "Route, override and unroute orders",
    "dispatch:read": "Read dispatches, shipments and drift",
    "dispatch:write": "Send, resend and cancel at platforms",
}


class UnknownScope(DomainError):
    code = "unknown_scope"

    def __init__(self, scope: str):
        known = ", ".join(SCOPES)
        super().__init__(f"“{scope}” is not a scope. Choose from: {known}.")


class NotANetwork(DomainError):
    code = "not_a_network"

    def __init__(self, text: str):
        super().__init__(f"“{text}” is not a network. Write it as in 203.0.113.0/24.")


class AlreadyRevoked(DomainError):
    code = "already_revoked"

    def __init__(self, name: str):
        super().__init__(f"The token “{name}” is already revoked.")


@transaction.atomic
def issue_token(
    *,
    name: str,
    client: str,
    scopes: Sequence[str],
    allowed_networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    created_by_id: int | None = None,
) -> tuple[ApiToken, str]:
    """Store a new token and return it with its full text, which nobody can read again.

    Raises UnknownScope and NotANetwork.
    """
    check_scopes(scopes)
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        client=client,
        token_id=token_id,
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        allowed_networks=checked_networks(allowed_networks),
        expires_at=expires_at,
        created_by_id=created_by_id,
    )
    record_audit("issue_token", token, after={"scopes": token.scopes, "client": client})
    return token, f"{PREFIX}_{token_id}_{secret}"


@transaction.atomic
def revoke_token(token: ApiToken) -> None:
    """End a token at once. Raises AlreadyRevoked."""
    live = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=timezone.now()):
        raise AlreadyRevoked(token.name)
    token.refresh_from_db()
    record_audit("revoke_token", token)


def find_token(text: str, address: str) -> ApiToken | None:
    """Return the live token of this text when it may be used from this address."""
    token_id, _, secret = text.removeprefix(f"{PREFIX}_").partition("_")
    token = ApiToken.objects.filter(token_id=token_id[:12]).first()
    # Compare even when there is no such token, so that both answers take as long.
    genuine = hmac.compare_digest(token.digest if token else "", _digest(secret))
    if token is None or not genuine or not token.is_live:
        return None
    return token if is_allowed_from(token.allowed_networks, address) else None


def note_use(token: ApiToken) -> None:
    """Remember the last use, at most once a minute."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def is_allowed_from(networks: Sequence[str], address: str) -> bool:
    if not networks:
        return True
    try:
        there = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(there in ipaddress.ip_network(network) for network in networks)


def check_scopes(scopes: Sequence[str]) -> None:
    """Raise UnknownScope for the first scope that does not exist."""
    for scope in scopes:
        if scope not in SCOPES:
            raise UnknownScope(scope)


def checked_networks(networks: Sequence[str]) -> list[str]:
    """Return the networks in their canonical form. Raises NotANetwork."""
    return [_network(text) for text in networks]


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise NotANetwork(text) from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
