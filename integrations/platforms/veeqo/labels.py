"""Labels at Veeqo: bought with a fresh rate whose words and options are said back."""

from dataclasses import replace

from integrations.platforms.base import type_of_approval
from integrations.platforms.calls import Purpose
from integrations.platforms.errors import Garbled, Refused
from integrations.platforms.http import Answer, JsonApi, Request, segment
from integrations.platforms.outbound import OutboundOrder
from integrations.platforms.remote import Document, Label, LabelState, Quote
from integrations.platforms.veeqo.answers import VeeqoOrder, read_shipment
from integrations.platforms.veeqo.lookups import fetch_order
from integrations.platforms.veeqo.preparation import prepare_order
from integrations.platforms.veeqo.rates import choose_rate, purchase, read_offers

# The purchase reaches through to the carrier.
_PURCHASE_SECONDS = 90.0
_PDF = "application/pdf"


def buy_label(
    api: JsonApi, order: OutboundOrder, remote_id: str, approve: type_of_approval
) -> Label:
    """The label of our service, unless the order has one already."""
    _, allocation = prepare_order(api, order, remote_id)
    if allocation.label and allocation.label.is_bought:
        return allocation.label
    offers = api.ask(
        Request(
            "GET",
            f"/shipping/rates/{segment(allocation.id)}",
            Purpose.LABEL,
            # The unavailable ones come with the reason staff need.
            query={"from_allocation_package": "true", "format_with_unavailable_quotes": "true"},
        ),
        lambda answer: read_offers(answer.body),
    )
    rate = choose_rate(offers, order.service)
    approve(rate.quote)
    request = Request(
        "POST",
        "/shipping/shipments",
        Purpose.LABEL,
        purchase(allocation.id, rate),
        writes=True,
        read_seconds=_PURCHASE_SECONDS,
    )
    bought = api.ask(request, lambda answer: read_shipment(answer.body))
    return _completed(bought, rate.quote)


def fetch_label(api: JsonApi, remote_id: str) -> Label:
    """The label with its PDF; `label_url` of their answers is unreliable, so it is never used."""
    label = fetch_order(api, remote_id, Purpose.DOCUMENT).remote.label
    if label is None:
        return Label(shipment_id="", state=LabelState.NONE)
    if label.state is not LabelState.READY:
        return label
    request = Request(
        "GET",
        "/shipping/labels.pdf",
        Purpose.DOCUMENT,
        query={"shipment_ids[]": label.shipment_id},
        accept=_PDF,
    )
    return replace(label, documents=(api.ask(request, _read_pdf),))


def void_labels(api: JsonApi, found: VeeqoOrder) -> tuple[str, ...]:
    """Remove every shipment of an order, and say what a person should check.

    Raises Refused when a parcel is on its way.
    """
    if any(allocation.is_on_its_way for allocation in found.allocations):
        raise Refused(f"a parcel of order {found.remote.remote_id} is already on its way")
    labels = [each.label for each in found.allocations if each.label and each.label.is_bought]
    for label in labels:
        path = f"/shipments/{segment(label.shipment_id)}"
        api.ask(Request("DELETE", path, Purpose.CANCEL, writes=True), lambda _answer: None)
    # Whether the removal also refunds is not documented (contract §13.2).
    return tuple(f"Label {label.shipment_id} was removed: check its refund." for label in labels)


def _read_pdf(answer: Answer) -> Document:
    # Without a format Veeqo answers 200 with a JSON count instead of the file.
    if not answer.content.startswith(b"%PDF-"):
        raise Garbled("the label is not a PDF")
    return Document("label", _PDF, answer.content)


def _completed(label: Label, quote: Quote) -> Label:
    """The answer to a purchase may leave out what the rate said."""
    return replace(
        label,
        cost=quote.total if label.cost is None else label.cost,
        currency=label.currency or quote.currency,
        carrier=label.carrier or quote.carrier,
    )
