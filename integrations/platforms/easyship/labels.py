"""Labels at Easyship: a shipment's label is bought once, and a 2xx does not mean it worked."""

from dataclasses import replace
from typing import Any

from integrations.platforms import reading
from integrations.platforms.base import type_of_approval
from integrations.platforms.calls import Purpose
from integrations.platforms.easyship import bodies
from integrations.platforms.easyship.answers import quote_for, read_reasons, read_single
from integrations.platforms.easyship.documents import media_type_of, read_links
from integrations.platforms.errors import BadCredentials, Garbled, NotFound, Refused, Unintelligible
from integrations.platforms.http import Answer, JsonApi, Request, segment
from integrations.platforms.outbound import OutboundOrder
from integrations.platforms.remote import Document, Label, LabelState, Quote, RemoteOrder

# Recorded purchases took 4 to 12 s (contract §7.2); the carrier may be slower.
_PURCHASE_SECONDS = 90.0


def buy_label(
    api: JsonApi, order: OutboundOrder, remote_id: str, approve: type_of_approval
) -> Label:
    """The label of our service, unless the shipment has one already or it is being made."""
    shipment, price = _look(api, order, remote_id)
    if shipment.is_cancelled:
        raise Refused(f"shipment {remote_id} was cancelled there")
    if shipment.label and shipment.label.is_bought:
        return shipment.label
    if price is None:
        raise Refused(reason_against(api, order, remote_id))
    approve(price)
    return _settled(_purchase(api, order, remote_id), price)


def fetch_label(api: JsonApi, remote_id: str) -> Label:
    """The label with its documents, or its state while there are none."""
    label, links = api.ask(_with_documents(remote_id, Purpose.DOCUMENT), _label_and_links)
    if label is None:
        return Label(shipment_id=remote_id, state=LabelState.NONE)
    if label.state is not LabelState.READY:
        return label
    linked = tuple(_download(api, category, url) for category, url in links.items())
    documents = (*label.documents, *linked)
    if not any(document.category == "label" for document in documents):
        raise Unintelligible(f"the label of {remote_id} came without its file")
    return replace(label, documents=documents)


def reason_against(api: JsonApi, order: OutboundOrder, remote_id: str) -> str:
    """Why our service cannot carry the shipment, in Easyship's words."""
    path = f"/shipments/{segment(remote_id)}/unavailable_couriers"
    reasons = api.ask(Request("GET", path, Purpose.LABEL), lambda answer: read_reasons(answer.body))
    service = order.service
    reason = reasons.get(service.remote_id) or reasons.get(service.name) or "no reason given"
    return f"{service.name} is not offered for this parcel ({reason})"


def _look(api: JsonApi, order: OutboundOrder, remote_id: str) -> tuple[RemoteOrder, Quote | None]:
    def read(answer: Answer) -> tuple[RemoteOrder, Quote | None]:
        shipment = read_single(answer.body)
        return shipment, quote_for(_shipment(answer.body), order.service.remote_id)

    return api.ask(_with_documents(remote_id, Purpose.LABEL), read)


def _purchase(api: JsonApi, order: OutboundOrder, remote_id: str) -> RemoteOrder:
    """The label call is in beta and closed to some accounts; an update buys as well (§7.5, §8)."""
    path = f"/shipments/{segment(remote_id)}"
    try:
        return _buy(api, "POST", f"{path}/label", bodies.label_body(order))
    except (BadCredentials, NotFound) as closed:
        if closed.status not in (403, 404):
            raise
    return _buy(api, "PATCH", path, bodies.label_update_body(order))


def _buy(api: JsonApi, method: str, path: str, body: dict[str, Any]) -> RemoteOrder:
    request = Request(
        method, path, Purpose.LABEL, body, writes=True, read_seconds=_PURCHASE_SECONDS
    )
    return api.ask(request, lambda answer: read_single(answer.body))


def _settled(shipment: RemoteOrder, price: Quote) -> Label:
    """The bought label. Raises Refused with the carrier's words when it failed."""
    label = shipment.label
    if label is None:
        raise Refused("; ".join(shipment.remarks) or "no label was made, and no reason given")
    if not label.is_bought:
        raise Refused(label.failure or f"the label is {label.state}")
    if label.cost is not None:
        return label
    return replace(label, cost=price.total, currency=price.currency)


def _with_documents(remote_id: str, purpose: Purpose) -> Request:
    path = f"/shipments/{segment(remote_id)}"
    return Request("GET", path, purpose, query=bodies.DOCUMENT_QUERY)


def _label_and_links(answer: Answer) -> tuple[Label | None, dict[str, str]]:
    return read_single(answer.body).label, read_links(answer.body)


def _download(api: JsonApi, category: str, url: str) -> Document:
    def read(answer: Answer) -> Document:
        media_type = media_type_of(answer.content)
        if not media_type:
            raise Garbled(f"the {category} behind the link is not a document")
        return Document(category, media_type, answer.content)

    return api.ask(Request("GET", url, Purpose.DOCUMENT, accept="application/pdf"), read)


def _shipment(body: Any) -> Any:
    return reading.child(reading.as_object(body, "The answer"), "shipment")
