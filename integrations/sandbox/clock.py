"""Time as the two platforms write it. All times are UTC; seconds since 1970 inside."""

import time
from datetime import UTC, datetime

HOUR = 3600.0
DAY = 24 * HOUR


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def moment(seconds: float) -> datetime:
    """The UTC time of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def iso_seconds(seconds: float) -> str:
    """2026-09-14T08:21:07Z, as Easyship writes times in its answers."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_milliseconds(seconds: float) -> str:
    """2026-09-14T08:21:07.412Z, as Veeqo writes times."""
    return moment(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_offset(seconds: float) -> str:
    """2026-09-14T08:21:07+00:00, as Veeqo writes tracking events."""
    return moment(seconds).isoformat(timespec="seconds")


def parse(text: str) -> float | None:
    """
    Seconds since 1970 of an ISO date or time; None if it is neither.

    A time without a zone is taken as UTC.
    """
    try:
        parsed = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def parse_day_first(text: str) -> float | None:
    """Seconds since 1970 of 31/01/2018, the form of Veeqo's due dates; ISO is taken too."""
    try:
        day = datetime.strptime(text.strip(), "%d/%m/%Y").replace(tzinfo=UTC)
    except ValueError:
        return parse(text)
    return day.timestamp()
