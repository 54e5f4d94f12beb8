"""Logs: JSON lines in production, readable ones in development, never a secret in either."""

from typing import Any

import structlog

from core.actor import current_actor
from core.correlation import correlation_id
from core.redaction import redact, redact_text

# Ours to write, so the redactor leaves them alone.
_PLAIN_KEYS = {"level", "timestamp", "logger", "correlation_id", "status", "ms", "method"}


def add_context(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Say which click or job a line belongs to, and who did it."""
    if current := correlation_id.get():
        event.setdefault("correlation_id", current)
    event.setdefault("actor", current_actor.get().label)
    # Django logs the request object, whose query string holds searches for customers.
    if (request := event.pop("request", None)) is not None:
        event["path"] = getattr(request, "path", "")
    return event


def hide_secrets(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Redact every value of a log line, the message and the traceback included."""
    return {
        key: value if key in _PLAIN_KEYS else redact(value, key)
        for key, value in event.items()
        if not key.startswith("_")
    } | {key: value for key, value in event.items() if key.startswith("_")}


def redact_rendered(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A formatted traceback quotes arguments, so it is redacted as text."""
    if isinstance(event.get("exception"), str):
        event["exception"] = redact_text(event["exception"])
    return event


def _processors(as_json: bool) -> list[Any]:
    # The console's own tracebacks would show every local variable, so it is handed plain text.
    plain = structlog.dev.plain_traceback
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact_rendered,
        renderer,
    ]


def configure_logs(level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING; `level` is a level name, as in INFO."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_context,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "crossdock": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": _processors(as_json),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "crossdock"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print every line a second time, unredacted.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            # At DEBUG these print URLs and headers of outward calls.
            "urllib3": {"level": "INFO"},
            # Three lines for every heartbeat; what matters is said by core.worker.
            "django-q": {"level": "WARNING"},
        },
    }
