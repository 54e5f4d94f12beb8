"""Whether our platforms are the real ones: read from the settings, nothing is asked."""

import ipaddress
from urllib.parse import urlsplit

from integrations.dispatching.connections import account_of
from warehouses.models import Platform

_REAL = (".veeqo.com", ".easyship.com")
_TRYING_OUT = "-sandbox.easyship.com"
"""Easyship's own place for trying out; its tokens begin with `sand_`."""


def pretended_platforms() -> list[str]:
    """The names of the platforms that are a sandbox, as staff read them."""
    return [str(Platform(name).label) for name in Platform.values if is_pretended(name)]


def is_pretended(platform: str) -> bool:
    """A sandbox is reached at this machine, at a bare host name or with a sandbox's key.

    Raises ValueError for an unknown platform.
    """
    account = account_of(platform)
    host = (urlsplit(account.base_url).hostname or "").casefold()
    if not host:
        return False
    if host.endswith(_REAL):
        return host.endswith(_TRYING_OUT) or account.credential.startswith("sand_")
    return account.credential.startswith("sandbox-") or _is_near(host)


def _is_near(host: str) -> bool:
    """This machine, or a neighbour that has no domain, as a container's name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return "." not in host
