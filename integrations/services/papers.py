"""A paper is handed out, and who got it is on the record."""

from django.db import transaction

from core.audit import record_audit
from orders.models import Document

_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "application/zpl": "zpl"}


@transaction.atomic
def hand_out(document: Document) -> tuple[bytes, dict[str, str]]:
    """The bytes and the headers to send them with; recorded, for it shows who gets the parcel."""
    record_audit("download_document", document)
    ending = _ENDINGS.get(document.media_type, "bin")
    name = f"{document.shipment.reference}-{document.kind}.{ending}"
    return bytes(document.content), {
        "Content-Type": document.media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
