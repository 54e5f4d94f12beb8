"""How far a bulk run is, in numbers and in one sentence."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from orders.models import BulkResult, BulkRun, BulkState
from orders.services.bulk import bulk_actions

_PATIENCE = timedelta(seconds=30)


def progress_of(run: BulkRun) -> dict[str, Any]:
    """What the page shows and asks for again while the run goes on."""
    return {
        "is_finished": run.is_finished,
        "state": run.get_state_display(),
        "percent": percent_of(run),
        "note": note_on(run),
        **{name: f"{count:,}" for name, count in counts_of(run).items()},
    }


def counts_of(run: BulkRun) -> dict[str, int]:
    return {
        "handled": run.done,
        "done": run.succeeded,
        "review": run.to_review,
        "refused": run.refused,
        "failed": run.failed,
        "problems": run.failures,
        "pending": run.total - run.done,
        "all": run.total,
    }


def words_of(run: BulkRun) -> dict[str, str]:
    """What staff read for each result, in the order of the page: “Routed” instead of “Done”.

    “Waits for a person” is there only where the action may leave an order so, or once did.
    """
    action = next((one for one in bulk_actions() if one.name == run.action), None)
    words: dict[BulkResult, object] = {
        BulkResult.DONE: action.done_word if action else BulkResult.DONE.label
    }
    if run.to_review or (action and action.may_wait):
        words[BulkResult.REVIEW] = BulkResult.REVIEW.label
    words |= {kind: kind.label for kind in (BulkResult.REFUSED, BulkResult.FAILED)}
    return {kind.value: str(word) for kind, word in words.items()}


def percent_of(run: BulkRun) -> int:
    """Rounded down, so that 100 means all."""
    if not run.is_collected or not run.total:
        return 100 if run.state == BulkState.DONE else 0
    return run.done * 100 // run.total


def note_on(run: BulkRun) -> str:
    """What happens now, or why it ended; empty when the numbers say it all."""
    if run.is_finished:
        return run.problem or ("Nothing matched the filter." if not run.total else "")
    if run.is_cancel_asked:
        return "Stopping after the orders in hand."
    if run.state == BulkState.WAITING:
        return _waiting(run)
    if not run.is_collected:
        return "Collecting the orders first."
    return _time_left(run)


def _waiting(run: BulkRun) -> str:
    if timezone.now() - run.created_at > _PATIENCE:
        return "Still waiting for a worker. See under Workers whether one is running."
    return "Waiting for a worker."


def _time_left(run: BulkRun) -> str:
    """Judged by the speed so far; the first twentieth says too little."""
    if not run.done or run.done * 20 < run.total or run.started_at is None:
        return ""
    elapsed = timezone.now() - run.started_at
    seconds = elapsed.total_seconds() * (run.total - run.done) / run.done
    if seconds < 60:
        return "Less than a minute left."
    minutes = round(seconds / 60)
    return f"About {minutes} minute{'s' if minutes > 1 else ''} left."


def parameters_of(run: BulkRun) -> list[tuple[str, str]]:
    """What was typed for the action, as label and value."""
    return [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in run.parameters.items()
        if value not in (None, "")
    ]
