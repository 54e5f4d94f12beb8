"""What a person must allow before money is spent. Pure, but for the rows it reads."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.errors import DomainError
from integrations.platforms.outbound import ParcelSpec
from integrations.platforms.remote import Quote
from warehouses.models import CarrierService

_HEAVIEST_GRAMS_PER_LITRE = 12_000
"""Lead has 11,340; nothing we ship is denser."""
_LIGHTEST_GRAMS = 3
_WEEKEND = 5


class NeedsApproval(DomainError):
    """Stop and ask; `asked` is what a yes will allow."""

    def __init__(self, code: str, question: str, asked: dict[str, Any]):
        self.code = code
        self.asked = asked
        super().__init__(f"{question} Approve it, or cancel and choose another service.")


@dataclass(frozen=True, slots=True)
class Expectations:
    """What was decided and promised; `limit` is None when nothing was estimated."""

    estimate: Decimal | None
    currency: str
    margin_percent: int
    promised_on: date | None
    today: date
    allowed: dict[str, Any]

    @property
    def limit(self) -> Decimal | None:
        if self.estimate is None:
            return None
        allowed = Decimal(self.allowed.get("price", "0"))
        return max(self.estimate * (100 + self.margin_percent) / 100, allowed)


def check_quote(quote: Quote, expected: Expectations) -> None:
    """Raises NeedsApproval for a price or an arrival that nobody agreed to."""
    _check_price(quote, expected)
    _check_arrival(quote, expected)


def _check_price(quote: Quote, expected: Expectations) -> None:
    if expected.limit is None or expected.estimate is None:
        return
    asked = {"price": str(quote.total), "currency": quote.currency}
    told = f"{quote.service_name} costs {quote.total} {quote.currency}".rstrip()
    if quote.currency and expected.currency and quote.currency != expected.currency:
        if expected.allowed.get("currency") != quote.currency:
            question = f"{told}; the estimate was in {expected.currency}."
            raise NeedsApproval("price_in_other_currency", question, asked)
        return
    if quote.total > expected.limit:
        raise NeedsApproval(
            "price_above_estimate",
            f"{told}; {expected.estimate} {expected.currency} was expected, and more than "
            f"{expected.margin_percent} % above it needs a yes.",
            asked,
        )


def _check_arrival(quote: Quote, expected: Expectations) -> None:
    """A promise that has passed already is broken whatever we buy, so it asks nothing."""
    promised = expected.promised_on
    arrival = arrival_of(quote, expected.today)
    if promised is None or arrival is None or promised < expected.today:
        return
    if arrival > promised and expected.allowed.get("arrival", "") < arrival.isoformat():
        raise NeedsApproval(
            "promise_broken",
            f"{quote.service_name} arrives by {arrival:%b %-d}; {promised:%b %-d} was promised.",
            {"arrival": arrival.isoformat()},
        )


def arrival_of(quote: Quote, today: date) -> date | None:
    """The platform's day, or its longest transit in business days; None when it says neither."""
    if quote.deliver_by is not None:
        return quote.deliver_by.date()
    if quote.max_days is None:
        return None
    day, left = today, quote.max_days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < _WEEKEND
    return day


def check_weight(
    service: CarrierService | None, parcel: ParcelSpec, allowed: dict[str, Any]
) -> None:
    """Raises NeedsApproval for a weight that cannot be right."""
    grams = parcel.weight_grams
    if grams <= int(allowed.get("weight_grams", 0)):
        return
    litres = Decimal(parcel.length_mm * parcel.width_mm * parcel.height_mm) / 1_000_000
    asked = {"weight_grams": grams}
    most = service.max_weight_grams if service else 0
    if grams > most:
        question = f"The parcel weighs {grams:,} g; {service} takes {most:,} g."
    elif grams < _LIGHTEST_GRAMS:
        question = f"The parcel weighs {grams} g, which is less than its wrapping."
    elif grams > litres * _HEAVIEST_GRAMS_PER_LITRE:
        question = f"The parcel weighs {grams:,} g at {litres:.2f} litres, more than lead would."
    else:
        return
    raise NeedsApproval("weight_implausible", question, asked)
