"""A shipment's papers: label and packing slip, as base64 or as links to this server."""

import base64

from integrations.sandbox.documents.label import Label, address_lines
from integrations.sandbox.documents.pdf import PAGE_SIZES, label_pdf, text_pdf
from integrations.sandbox.documents.png import label_png
from integrations.sandbox.documents.zpl import label_zpl
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

PRINTED_STATES = ("generated", "printed")
DEFAULT_PRINTING: Json = {
    "format": "png",
    "label": "4x6",
    "commercial_invoice": "A4",
    "packing_slip": "4x6",
    "remarks": "",
}
"""What is printed when a purchase says nothing else."""
DEFAULT_LINKS: Json = {**DEFAULT_PRINTING, "format": "url", "label": "A4", "packing_slip": "none"}
"""What GET shows when it is asked for nothing else."""


def documents_of(turn: Turn, stored: Stored, printing: Json) -> list[Json]:
    """shipping_documents: nothing until the label is generated."""
    if stored.shipment["label_state"] not in PRINTED_STATES:
        return []
    wanted = {**DEFAULT_PRINTING, **printing}
    papers = [_paper(turn, stored, "label", wanted)]
    if wanted["packing_slip"] != "none":
        papers.append(_paper(turn, stored, "packing_slip", wanted))
    return papers


def _paper(turn: Turn, stored: Stored, category: str, printing: Json) -> Json:
    form, size = printing["format"], printing[category]
    paper: Json = {
        "category": category,
        "required": category == "label",
        "format": form,
        "page_size": size,
        "base64_encoded_strings": [],
        "url": None,
    }
    if form == "url":
        paper["url"] = link(turn, stored, category, size)
    else:
        content = draw(stored, category, form, size)
        paper["base64_encoded_strings"] = [base64.b64encode(content).decode()]
    return paper


def link(turn: Turn, stored: Stored, category: str, size: str) -> str:
    """A stable API link; fetching it needs the token."""
    path = f"/easyship/shipment/v1/shipments/{stored.uuid}/shipping_documents/{category}"
    return f"{turn.base_url}{path}?page_size={size.lower()}"


def draw(stored: Stored, category: str, form: str, size: str) -> bytes:
    """One document's bytes; a packing slip is always PDF unless PNG of the label is asked for."""
    if category != "label":
        return text_pdf(
            _slip_lines(stored, category), PAGE_SIZES.get(size.lower(), PAGE_SIZES["4x6"])
        )
    label = label_of(stored)
    if form == "png":
        return label_png(label)
    if form == "zpl":
        return label_zpl(label)
    return label_pdf([label], PAGE_SIZES.get(size.lower(), PAGE_SIZES["4x6"]))


def label_of(stored: Stored) -> Label:
    """What is printed on the label of a bought shipment."""
    shipment = stored.shipment
    weights = [parcel["total_actual_weight"] for parcel in shipment["parcels"]]
    return Label(
        carrier=shipment["courier_service"]["umbrella_name"],
        service=shipment["courier_service"]["name"],
        tracking_number=shipment["trackings"][0]["tracking_number"],
        reference=stored.reference or stored.id,
        sender=_lines(shipment["sender_address"]),
        receiver=_lines(shipment["destination_address"]),
        weight_grams=sum(weights) * 1000,
        remarks=stored.printing.get("remarks") or "",
    )


def _lines(address: Json) -> tuple[str, ...]:
    town = f"{address['city']} {address['state'] or ''} {address['postal_code'] or ''}"
    return address_lines(
        address["contact_name"],
        address["company_name"],
        address["line_1"],
        address["line_2"],
        town,
        address["country_alpha2"],
    )


def _slip_lines(stored: Stored, category: str) -> list[str]:
    heading = category.replace("_", " ").capitalize()
    lines = [
        f"{heading} {stored.reference or stored.id}",
        *_lines(stored.shipment["destination_address"]),
    ]
    for parcel in stored.shipment["parcels"]:
        for item in parcel["items"]:
            worth = f"{item['declared_customs_value']} {item['declared_currency']}"
            lines.append(
                f"{item['quantity']} x {item['sku'] or ''} {item['description']}, {worth} each"
            )
    return lines
