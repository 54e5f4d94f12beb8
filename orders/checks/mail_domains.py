"""Mail domains as fingers get them wrong."""

from functools import lru_cache

_KNOWN = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "comcast.net",
    "live.com", "msn.com", "verizon.net", "att.net", "sbcglobal.net", "proton.me",
    "protonmail.com", "googlemail.com", "yahoo.co.uk", "hotmail.co.uk", "hotmail.fr", "orange.fr",
    "web.de", "gmx.de", "gmx.net", "t-online.de", "bigpond.com", "shaw.ca", "rogers.com",
)  # fmt: skip
# Real domains one slip away from a known one.
_REAL = frozenset(
    {
        "gmx.com", "gmx.at", "mail.com", "ymail.com", "email.com", "fmail.com",
        "me.com", "mac.com", "live.ca", "live.fr", "live.nl", "yahoo.ca",
        "yahoo.fr", "yahoo.de", "yahoo.in", "yahoo.es", "yahoo.it", "hotmail.de",
        "hotmail.it", "hotmail.es", "outlook.de", "outlook.fr", "outlook.es", "outlook.it",
        "aol.de", "aim.com", "att.com", "msn.net",
    }
)  # fmt: skip
_LENGTH_WORTH_COMPARING = 7
"""In a shorter domain one letter apart is another domain more often than a slip."""


@lru_cache(maxsize=20_000)
def likely_domain(domain: str) -> str:
    """The well-known domain that this one (in lower case) mistypes by one slip, else empty."""
    if domain in _KNOWN or domain in _REAL:
        return ""
    for known in _KNOWN:
        if len(known) >= _LENGTH_WORTH_COMPARING and _one_slip(domain, known):
            return known
    return ""


def _one_slip(written: str, meant: str) -> bool:
    """One letter left out, added, changed, or two neighbours exchanged."""
    if abs(len(written) - len(meant)) > 1:
        return False
    start = _common_start(written, meant)
    a, b = written[start:], meant[start:]
    exchanged = len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return exchanged or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def _common_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
