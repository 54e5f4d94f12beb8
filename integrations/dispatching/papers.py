"""Labels and other papers are kept in the database, once each, after a look at their bytes."""

import hashlib
from typing import Any

from integrations.errors import BadDocument
from integrations.platforms.remote import Document as RemoteDocument
from orders.models import Document, DocumentKind, Shipment

LARGEST = 8 * 1024 * 1024
_MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n": "image/png",
    b"^XA": "application/zpl",
}


def keep_document(shipment: Shipment, paper: RemoteDocument) -> Document:
    """Store a paper; the same bytes again change nothing. Raises BadDocument."""
    kind = paper.category if paper.category in DocumentKind.values else DocumentKind.OTHER
    values: dict[str, Any] = {
        "media_type": checked_media_type(paper.content, paper.category),
        "content": paper.content,
        "size": len(paper.content),
    }
    document, _created = Document.objects.get_or_create(
        shipment=shipment,
        kind=kind,
        sha256=hashlib.sha256(paper.content).hexdigest(),
        defaults=values,
    )
    return document


def checked_media_type(content: bytes, what: str) -> str:
    """What the bytes are, by their first ones. Raises BadDocument."""
    if len(content) > LARGEST:
        raise BadDocument(what, f"it has {len(content):,} bytes, more than {LARGEST:,}")
    for magic, media_type in _MAGIC.items():
        if content.lstrip()[: len(magic)] == magic:
            return media_type
    raise BadDocument(what, "it is neither PDF, PNG nor ZPL")
