"""How many calls a platform has left for us now, and how long more of them take."""

from dataclasses import dataclass
from datetime import datetime

from core.models import RateBudget
from integrations.dispatching.pacing import pace_of


@dataclass(frozen=True, slots=True)
class Allowance:
    """The budget of one platform at one moment: calls left, at most so many, so many a second."""

    left: float
    capacity: float
    per_second: float

    def seconds_for(self, calls: float) -> float:
        """Until so many calls are made, if nobody else makes any."""
        return max(0.0, calls - self.left) / self.per_second

    def __str__(self) -> str:
        return f"{self.left:.0f} of {self.capacity:.0f} calls"


def allowance_of(platform: str, now: datetime) -> Allowance:
    """As the budget's row has it; before the first call it is full. Raises ValueError."""
    pace = pace_of(platform)
    budget = RateBudget.objects.filter(key=f"platform:{platform}").first()
    if budget is None:
        return Allowance(pace.capacity, pace.capacity, pace.per_second)
    passed = max(0.0, now.timestamp() - budget.refilled_at)
    left = min(pace.capacity, budget.tokens + passed * pace.per_second)
    return Allowance(max(0.0, left), pace.capacity, pace.per_second)
