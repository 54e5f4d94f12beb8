"""What of a request and its answer may be kept: no secret, no person. Pure.

People are hidden twice: by the key their detail stands under, and by value wherever the same
detail turns up again, as in a platform's error sentence.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.redaction import HIDDEN, redact, redact_text

EXCERPT_LIMIT = 4_000
_ITEMS_SHOWN = 3
_DEPTH_SHOWN = 12
_TEXT_SHOWN = 500
_MASKED = 4 * EXCERPT_LIMIT
_LONGEST_VALUE = 400
_FILE = "[file]"

# Below these keys everything is about a person, except what _PLAIN names.
_PERSONAL_TREE = re.compile(
    r"address|deliver_to|customer|consignee|recipient|contact|payment|buyer|created_by|shipped_by"
    r"|updated_by|cancelled_by|allocated_by|user|owner|employees",
    re.IGNORECASE,
)
# One personal detail, wherever it stands.
_PERSONAL = re.compile(
    r"^(first|last|full|contact|billing|shipping|holder)_?name$|e_?mail|phone|mobile|fax"
    r"|^(address_?)?line_?\d$|^address_?\d$|street|^zip|post(al)?_?code|tax_id"
    r"|^(vat|ssn|ein|eori)(_|$)"
    r"|^login$|note|instructions|remarks|^text$|^query$|company_name",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(^|_)id$|_ids$|_at$|^(city|town|state|county|region|country.*|type|customer_type|status"
    r"|verified|validated|residential|location_found|is_default|currency.*|payment_type"
    r"|reference_number|customer_reference)$",
    re.IGNORECASE,
)
# A label shows the recipient, and so does the page behind its link.
_FILES = re.compile(r"base64|label_content|label_url|invoice_url|^url$", re.IGNORECASE)


def personal_values(body: Any, key: str = "", *, inside: bool = False) -> frozenset[str]:
    """Every personal detail in a body we send, to be hidden in whatever comes back."""
    if isinstance(body, Mapping):
        return frozenset().union(
            *(
                personal_values(value, str(name), inside=inside or _opens_person(str(name), value))
                for name, value in body.items()
            )
        )
    if isinstance(body, list | tuple):
        return frozenset().union(*(personal_values(item, key, inside=inside) for item in body))
    if isinstance(body, str) and _is_personal(key, inside=inside):
        return _forms(body, is_name="name" in key.lower())
    return frozenset()


def redacted(body: Any, key: str = "", *, inside: bool = False, depth: int = 0) -> Any:
    """A shortened copy of a JSON value without secrets and personal details."""
    if depth > _DEPTH_SHOWN:
        return "[…]"
    if _FILES.search(key) and isinstance(body, str | list):
        return _FILE
    if isinstance(body, Mapping):
        return {
            str(name): _member(value, str(name), inside=inside, depth=depth)
            for name, value in body.items()
        }
    if isinstance(body, list | tuple):
        shown = [
            redacted(item, key, inside=inside, depth=depth + 1) for item in body[:_ITEMS_SHOWN]
        ]
        return shown + ([f"… {len(body) - _ITEMS_SHOWN} more"] if len(body) > _ITEMS_SHOWN else [])
    if _is_personal(key, inside=inside) and body not in (None, "", True, False):
        return HIDDEN
    return redact(body[:_TEXT_SHOWN] if isinstance(body, str) else body, key)


def mask(text: str, known: Iterable[str]) -> str:
    """Hide these very values, and whatever looks like a key, an e-mail or a phone number."""
    for value in sorted(known, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return storable(redact_text(text))


def storable(text: str) -> str:
    """Without NUL and lone surrogates, which no database takes."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def excerpt(body: Any, known: Iterable[str]) -> str:
    """What the request log keeps of a body: redacted, then capped at EXCERPT_LIMIT characters."""
    if body is None or body == "":
        return ""
    text = body if isinstance(body, str) else _as_json(redacted(body))
    if len(text) > _MASKED:
        # The cut may halve a value so that it is not recognised: drop what is near the cut.
        text = text[: _MASKED - _LONGEST_VALUE]
    return mask(text, known)[:EXCERPT_LIMIT]


def _as_json(body: Any) -> str:
    return json.dumps(body, default=str, ensure_ascii=False)


def _member(value: Any, name: str, *, inside: bool, depth: int) -> Any:
    return redacted(value, name, inside=inside or _opens_person(name, value), depth=depth + 1)


def _opens_person(name: str, value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(_PERSONAL_TREE.search(name))


def _is_personal(key: str, *, inside: bool) -> bool:
    if _PERSONAL.search(key):
        return True
    return inside and not _PLAIN.search(key)


def _forms(value: str, *, is_name: bool) -> frozenset[str]:
    """The detail itself, and a name's words: "Ada Byrne" may come back as "Byrne"."""
    whole = " ".join(value.split())
    words = [word for word in re.split(r"[\s,;]+", whole) if len(word) >= 3] if is_name else []
    return frozenset(form for form in (value.strip(), whole, *words) if len(form) >= 3)
