"""Easyship's shipping documents: base64 inside the shipment, or a link. Pure. Facts: §7.2."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.platforms import reading
from integrations.platforms.remote import Document


def read_documents(shipment: Mapping[str, Any]) -> tuple[Document, ...]:
    """Every document whose bytes are in the shipment; a damaged one is left to be fetched again."""
    return tuple(
        document
        for record in reading.members(shipment, "shipping_documents")
        for document in _documents(record)
    )


def read_links(body: Any) -> dict[str, str]:
    """Links by category of the documents that came as links only."""
    shipment = reading.child(reading.as_object(body, "The answer"), "shipment")
    return {
        reading.text(record, "category"): reading.text(record, "url")
        for record in reading.members(shipment, "shipping_documents")
        if reading.text(record, "url") and not any(_documents(record))
    }


def media_type_of(content: bytes) -> str:
    """What the bytes are, or "" when they are no document."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    return "application/zpl" if content.lstrip().startswith(b"^XA") else ""


def _documents(record: Mapping[str, Any]) -> Iterator[Document]:
    listed = record.get("base64_encoded_strings")
    for encoded in listed if isinstance(listed, list) else [listed]:
        content = _decoded(encoded)
        media_type = media_type_of(content)
        if media_type:
            yield Document(reading.text(record, "category"), media_type, content)


def _decoded(encoded: Any) -> bytes:
    if not isinstance(encoded, str):
        return b""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
