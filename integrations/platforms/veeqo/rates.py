"""Veeqo's rates: reading them, choosing ours, and saying back what the purchase wants. Pure.

Facts: contract §15.1, §15.2, §16.1. `name` identifies a rate, `remote_shipment_id` only the parcel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from integrations.platforms import reading
from integrations.platforms.errors import Refused, Unintelligible
from integrations.platforms.outbound import WantedService
from integrations.platforms.remote import Quote
from integrations.platforms.veeqo.bodies import number_of

_CURRENCY_SIGNS = {"$": "USD", "US$": "USD", "£": "GBP", "€": "EUR", "CA$": "CAD", "C$": "CAD"}
_ADDED_SERVICE = "value_added_service__"
_ECHOED = (
    "remote_shipment_id",
    "sub_carrier_id",
    "service_carrier",
    "total_net_charge",
    "base_rate",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """An offer with what must be echoed to buy it; `title` is kept to match by name."""

    quote: Quote
    title: str
    carrier_field: str
    name: str
    echoed: Mapping[str, Any]
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be bought now; `reasons` says why others cannot, by service title."""

    rates: tuple[Rate, ...]
    reasons: Mapping[str, str]


def read_offers(body: Any) -> Offers:
    """The rates of one allocation."""
    answer = reading.as_object(body, "The rates")
    if "available" not in answer:
        raise Unintelligible("the rates have no list of what is available")
    rates = tuple(
        rate for record in reading.members(answer, "available") if (rate := _rate(record))
    )
    return Offers(rates, _reasons(reading.members(answer, "unavailable")))


def read_quotes(body: Any) -> tuple[Quote, ...]:
    """Prices of the Rate Shopping API, cheapest first."""
    answer = reading.as_object(body, "The quotes")
    if "quotes" not in answer:
        raise Unintelligible("the answer has no quotes")
    found = (_shopped(record) for record in reading.members(answer, "quotes"))
    return tuple(sorted((quote for quote in found if quote), key=lambda quote: quote.total))


def choose_rate(offers: Offers, service: WantedService) -> Rate:
    """The cheapest rate of our service. Raises Refused with Veeqo's reason."""
    ours = [rate for rate in offers.rates if _is_wanted(rate, service)]
    if ours:
        return min(ours, key=lambda rate: rate.quote.total)
    reason = offers.reasons.get(service.name.casefold(), "")
    titles = ", ".join(sorted({rate.title for rate in offers.rates})) or "nothing"
    because = f" ({reason})" if reason else ""
    raise Refused(f"{service.name} is not offered for this parcel{because}; offered: {titles}")


def purchase(allocation_id: str, rate: Rate) -> dict[str, Any]:
    """The body that buys a label; the rate's own words and options are said back."""
    return {
        "carrier": rate.carrier_field,
        "shipment": {
            "allocation_id": number_of(allocation_id),
            "carrier_id": "",
            "service_type": rate.name,
            "notify_customer": False,
            "update_remote_order": None,
            "payment_method_id": None,
            **rate.echoed,
            **rate.options,
        },
    }


def _is_wanted(rate: Rate, service: WantedService) -> bool:
    """By id; some accounts' rates lack it, then by title."""
    if rate.quote.service_remote_id == service.remote_id:
        return True
    return rate.title.casefold() == service.remote_id.casefold()


def _rate(record: Mapping[str, Any]) -> Rate | None:
    """None for a rate that cannot be bought: no name, no price."""
    total = reading.decimal(record, "total_net_charge")
    name, title = reading.text(record, "name"), reading.first_text(record, "title", "short_title")
    if total is None or not name:
        return None
    days = reading.whole(record, "expected_delivery_days")
    quote = Quote(
        service_remote_id=reading.text(record, "service_id") or title,
        carrier=reading.carrier_code(
            reading.first_text(record, "service_carrier", "sub_carrier_id")
        ),
        service_name=title,
        total=total,
        currency=_currency(record),
        min_days=days,
        max_days=days,
        deliver_by=reading.moment(record, "delivery_promise_date"),
    )
    return Rate(
        quote=quote,
        title=title,
        carrier_field=reading.text(record, "carrier") or "amazon_shipping_v2",
        name=name,
        echoed=_echo(record),
        options=chosen_options(reading.members(record, "shipping_service_options")),
    )


def _echo(record: Mapping[str, Any]) -> dict[str, str]:
    """Both prices are mandatory in the purchase; a rate without surcharges may name only one."""
    said = {key: reading.text(record, key) for key in _ECHOED}
    return said | {"base_rate": said["base_rate"] or said["total_net_charge"]}


def chosen_options(options: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A value for every added service: its default, else the cheapest (§15.2: a missing one is
    refused, and null options want none at all).
    """
    return {
        key: value
        for option in options
        if (key := reading.text(option, "key")).startswith(_ADDED_SERVICE)
        and (value := _chosen(option))
    }


def _chosen(option: Mapping[str, Any]) -> str:
    values = [each for each in reading.members(option, "values") if reading.text(each, "value")]
    default = reading.text(option, "default")
    if default in {reading.text(each, "value") for each in values}:
        return default
    cheapest = min(
        values, key=lambda each: reading.decimal(each, "price") or Decimal(0), default={}
    )
    return reading.text(cheapest, "value")


def _currency(record: Mapping[str, Any]) -> str:
    """A sign here; the options of the same rate have the ISO code."""
    said = reading.first_text(record, "currency_code", "currency")
    if len(said) == 3 and said.isalpha():
        return said.upper()
    for option in reading.members(record, "shipping_service_options"):
        for value in reading.members(option, "values"):
            if code := reading.text(value, "currency"):
                return code
    return _CURRENCY_SIGNS.get(said, "")


def _reasons(unavailable: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {
        reading.first_text(record, "title", "name").casefold(): "; ".join(
            reading.sentences(record.get("unavailable_reasons"))
        )
        for record in unavailable
    }


def _shopped(record: Mapping[str, Any]) -> Quote | None:
    total = reading.decimal(record, "total_charge")
    if total is None:
        total = reading.decimal(record, "total_net_charge")
    title = reading.first_text(record, "service_name", "title")
    service_id = reading.first_text(record, "service_id", "code") or title
    if total is None or not service_id:
        return None
    carrier = reading.first_text(record, "service_carrier", "carrier_id")
    return Quote(
        service_remote_id=service_id,
        carrier=reading.carrier_code(carrier),
        service_name=title,
        total=total,
        currency=_currency(record),
        deliver_by=reading.moment(record, "delivery_estimate")
        or reading.moment(record, "delivery_date"),
    )
