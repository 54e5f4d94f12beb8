"""Zero drift at the end of the main job, or the demo says what differs."""

from django.utils import timezone

from core.errors import DomainError
from integrations.models import DriftFinding


class Drifted(DomainError):
    code = "drifted"

    def __init__(self, count: int):
        super().__init__(f"The platforms and we disagree about {count} things, listed above.")


def check_drift() -> None:
    """After a reconciliation. Raises Drifted."""
    if count := DriftFinding.objects.waiting(timezone.now()).count():
        raise Drifted(count)
