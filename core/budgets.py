"""Token buckets in the database: how often something may happen, for all processes together."""

from core.models import RateBudget


def take(
    key: str,
    *,
    capacity: float,
    per_second: float,
    now: float,
    amount: float = 1,
    reserve: float = 0,
) -> bool:
    """Take `amount` from the bucket, made full on first use; `now` is Unix time in seconds.

    `reserve` is what must be left for others afterwards. Changed settings take effect at the next
    call.
    """
    # Only where the row has today's settings: a full bucket of before could be far too large.
    current = RateBudget.objects.filter(capacity=capacity, per_second=per_second)
    if current.take(key, now, amount, reserve):
        return True
    budget, created = RateBudget.objects.get_or_create(
        key=key,
        defaults={
            "capacity": capacity,
            "per_second": per_second,
            "tokens": capacity,
            "refilled_at": now,
        },
    )
    if not created and (budget.capacity, budget.per_second) != (capacity, per_second):
        RateBudget.objects.filter(pk=budget.pk).update(capacity=capacity, per_second=per_second)
    # Also for a bucket that another process has made in this very moment.
    return RateBudget.objects.take(key, now, amount, reserve)
