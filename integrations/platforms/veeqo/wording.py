"""How Veeqo words its errors. Pure. Facts: contract §1.6."""

import json
from collections.abc import Mapping
from typing import Any

from integrations.platforms import reading
from integrations.platforms.faults import Dialect

_KEYS = ("error_messages", "errors", "error", "message")


def words_of(body: Any) -> str:
    """The reasons in an error body, which may be text, a list, or JSON inside a string."""
    if not isinstance(body, Mapping):
        return ""
    said = next((body[key] for key in _KEYS if body.get(key)), None)
    return "; ".join(dict.fromkeys(_unfolded(each) for each in reading.sentences(said)))


def _unfolded(sentence: str) -> str:
    """An item may itself be a JSON error of the system behind Veeqo."""
    if not sentence.startswith("{"):
        return sentence
    try:
        inner = json.loads(sentence)
    except (ValueError, RecursionError):
        return sentence
    parts = [reading.text(each, "message") for each in reading.members(inner, "errors")]
    return "; ".join(part for part in parts if part) or reading.text(inner, "message") or sentence


DIALECT = Dialect(words_of)
