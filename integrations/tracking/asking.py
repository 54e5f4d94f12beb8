"""A person asks where a parcel is: one question out of turn, and its answer in the history."""

from core.tasks import task
from integrations.dispatching.connections import platform_named
from integrations.platforms.errors import PlatformError
from integrations.tracking.timeline import Recorded, record_journey
from orders.models import Shipment
from orders.services.history import write_event


@task
def ask_about_parcel(shipment_id: int) -> str:
    """Ask the platform, paced like every question, and record what it says; returns that, too."""
    shipment = Shipment.objects.select_related("order").get(pk=shipment_id)
    told = _asked(shipment)
    write_event(shipment.order, "tracking", told, shipment=shipment.pk)
    return told


def _asked(shipment: Shipment) -> str:
    there, parcel = shipment.get_platform_display(), str(shipment)
    try:
        journeys = platform_named(shipment.platform).track([shipment.remote_shipment_id])
    except PlatformError as error:
        # Without the promise to try again: nobody does, before the next round.
        fact = str(error).removesuffix(error.next_step).strip()
        return f"Nothing new of {parcel}: {fact} The next round asks again, or ask later."
    journey = journeys.get(shipment.remote_shipment_id)
    if journey is None:
        return f"{there} does not know {parcel}. Look at it there."
    return f"{there} says of {parcel}: {_news(shipment, record_journey(shipment, journey))}"


def _news(shipment: Shipment, recorded: Recorded) -> str:
    shipment.refresh_from_db()
    scans = f"{recorded.added} new scan{'s' if recorded.added > 1 else ''}"
    return f"{scans if recorded.added else 'nothing new'}; it is “{shipment.get_state_display()}”."
