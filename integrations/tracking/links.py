"""Addresses that platforms tell us, before a person can click on them. Pure."""

from urllib.parse import urlsplit

LONGEST = 500


def safe_link(address: str) -> str:
    """The address when it is a plain web address, else "": no other scheme is ever shown."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(host)
    return address.strip() if is_web and len(address.strip()) <= LONGEST else ""
