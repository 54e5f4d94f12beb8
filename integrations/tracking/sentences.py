"""What staff read of a parcel's way."""

from collections.abc import Sequence

from integrations.platforms.remote import TrackingCode
from integrations.tracking import states
from integrations.tracking.states import Scan
from orders.models import Shipment, ShipmentState, TrackingEvent


def scans_of(shipment: Shipment) -> list[Scan]:
    """Oldest first."""
    rows = TrackingEvent.objects.filter(shipment=shipment).values_list("at", "code", "words")
    return states.in_order([Scan(*row) for row in rows])


def told_of(shipment: Shipment, scans: Sequence[Scan], words: str = "") -> str:
    """Where the parcel is, why, and what to do next; `words` are the platform's for the whole."""
    parcel, state = _parcel(shipment), ShipmentState(shipment.state)
    said = (states.last_words(scans, state) or words).strip().rstrip(".")
    quoted = f": {said}" if said else ""
    match state:
        case ShipmentState.SHIPPED:
            return on_its_way(shipment)
        case ShipmentState.DELIVERED:
            sentence = f"{parcel} was delivered{quoted}."
        case ShipmentState.LOST:
            sentence = f"{parcel} is lost{quoted}. Claim it from the carrier and tell the customer."
        case ShipmentState.RETURNED:
            sentence = f"{parcel} came back{quoted}. Receive it and ask the customer what next."
        case _:
            sentence = _trouble(parcel, quoted, scans)
    return sentence[:500]


def on_its_way(shipment: Shipment) -> str:
    return f"{_parcel(shipment)} is on its way."


def _trouble(parcel: str, quoted: str, scans: Sequence[Scan]) -> str:
    decisive = [scan.code for scan in scans if states.meaning_of(scan.code)]
    if decisive and decisive[-1] == TrackingCode.RETURNING:
        return f"{parcel} is on its way back{quoted}. Ask the customer what next."
    return f"{parcel} is held up{quoted}. Ask the carrier what it needs."


def _parcel(shipment: Shipment) -> str:
    name = shipment.tracking_number or shipment.reference
    return f"Parcel {name} ({shipment.carrier or shipment.get_platform_display()})"
