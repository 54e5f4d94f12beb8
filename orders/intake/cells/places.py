"""City, state and postal code that stand in one cell."""

import re
from functools import lru_cache

from orders.intake.cells.states import state_code

_CODE_FIRST = re.compile(
    r"(?P<code>\d{4} [A-Z]{2}|(?:[A-Z]{1,2}-)?\d[\d -]{2,7}) +(?P<city>[^\d\s].*)"
)
_CODE_LAST = re.compile(
    r"(?P<city>.*?\D)[,\s]+(?P<code>\d[\d-]{2,9}|[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d"
    r"|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2})"
)
_LONGEST = 200
_MOST_WORDS_OF_STATE = 4


@lru_cache(maxsize=2048)
def split_place(text: str) -> dict[str, str]:
    """City, state and postal_code of “Reno, NV 89501” or “80331 München”; empty where not there.

    Text that has no such shape is the city alone.
    """
    line = " ".join(text.split()).strip(" ,") if len(text) <= _LONGEST else ""
    found = _CODE_FIRST.fullmatch(line) or _CODE_LAST.fullmatch(line)
    rest, code = (found["city"], found["code"]) if found else (line or text.strip(), "")
    city, state = _without_state(rest.strip(" ,"))
    return {"city": city, "state": state, "postal_code": code}


def _without_state(text: str) -> tuple[str, str]:
    """(city, state): the longest name of a state at the end, where a city stands before it."""
    words = text.split()
    for count in range(min(_MOST_WORDS_OF_STATE, len(words) - 1), 0, -1):
        state = " ".join(words[-count:])
        if any(state_code(state, country) for country in ("US", "CA", "AU")):
            return " ".join(words[:-count]).strip(" ,"), state
    return text, ""
