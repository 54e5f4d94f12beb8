"""Keeps secrets and personal details out of logs and stored excerpts. Pure."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"
# A key that contains one of these words has a value nobody may read in a log.
_SECRET_KEY = re.compile(
    r"password|passwd|secret|token|api[-_]?key|authorization|cookie|credential|signature|session",
    re.IGNORECASE,
)
_PATTERNS = (
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bcdk_[a-z0-9]+_[A-Za-z0-9_-]+"), HIDDEN),
    (re.compile(r"(?i)(://[^:/@\s]+:)[^@\s]+@"), rf"\1{HIDDEN}@"),
    (
        re.compile(r"(?i)\b((?:api[-_]?key|token|secret|password|signature)=)[^&\s\"']+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "[email]"),
    (re.compile(r"(?<![\w.])\+\d[\d ().-]{7,}\d"), "[phone]"),
)


def redact_text(text: str) -> str:
    """Mask credentials, e-mail addresses and international phone numbers in free text."""
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def redact(value: Any, key: str = "") -> Any:
    """Mask a log value of any shape; a telling key hides its whole value."""
    if key and _SECRET_KEY.search(key):
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {name: redact(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [redact(inner) for inner in value]
    return value
