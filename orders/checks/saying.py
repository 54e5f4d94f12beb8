"""How the checks write down what they found."""

from typing import Any

from orders.checks.values import CheckedLine, CheckedOrder, Found
from orders.intake.parsed import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def proposed(order: CheckedOrder, **after: str) -> dict[str, Any]:
    """Details that propose a correction: the fields as they are and as they should be."""
    return {"before": {name: getattr(order, name) for name in after}, "after": after}


def on_line(
    line: CheckedLine,
    code: str,
    severity: Severity,
    field: str,
    message: str,
    next_step: str,
    **details: Any,
) -> Found:
    """A finding about one line; the sentence begins with where it is."""
    where = f"Line {line.position}"
    if line.sku:
        where += f" ({line.sku})"
    return Found(code, severity, field, f"{where}: {message}", next_step, details, line.position)


def quoted(text: str, limit: int = 60) -> str:
    """The text as given, in quotation marks, cut where it is too long to read."""
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"
