"""Orders that should not be shipped any more: cancelled, refunded or already sent."""

from orders.intake.cells.text import clean, shorten, squash, words
from orders.intake.files.context import Fields

_OVER = words(
    """cancelled canceled cancelado cancelada annule annulee annullato storniert abgebrochen
    geannuleerd voided void refunded erstattet rembourse remboursee reembolsado failed
    fehlgeschlagen echouee fallido trash draft expired shipped fulfilled completed complete
    delivered dispatched sent versendet versandt abgeschlossen geliefert zugestellt expedie
    expediee envoyee terminee livre livree completado completada enviado enviada entregado
    entregada cancelledbybuyer cancelledbyseller returned spedito verzonden"""
)
_UNPAID = words(
    """pending unpaid onhold pendingpayment awaitingpayment partiallypaid authorized offen
    ausstehend inwartestellung enattente pendiente enespera pendientedepago"""
)


def check_status(fields: Fields) -> None:
    """Remarks on an order that its source says is over, or not paid yet."""
    layout = fields.context.layout
    for name in ("cancelled_at", "shipped_at"):
        row, cell = fields.first(name)
        if cell and cell.strip() not in {"-", "--", "0", "0000-00-00 00:00:00"}:
            done = "cancelled" if name == "cancelled_at" else "sent"
            _note_over(fields, row, f"was {done} on {shorten(clean(cell))}")
            return
    number, cells = fields.rows[0]
    for place in layout.fields.get("status", ()):
        word = squash(cells[place])
        if word in _OVER:
            _note_over(fields, number, f"has the status “{shorten(clean(cells[place]))}”")
            return
        if word in _UNPAID:
            text = f"The status is “{clean(cells[place])}”. See that it is paid before it is sent."
            fields.notes.warn(number, "status", "order_unpaid", text)


def _note_over(fields: Fields, row: int, why: str) -> None:
    text = f"In its source this order {why}. Leave it out, or correct the status."
    fields.notes.error(row, "status", "order_over", text)
