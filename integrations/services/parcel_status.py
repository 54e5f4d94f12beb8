"""Staff ask the platforms where an order's parcels are, without waiting for the next round."""

from django.db import transaction

from core.tasks import enqueue
from integrations.errors import NothingToAsk
from integrations.tracking.asking import ask_about_parcel
from orders.models import Order, Shipment, ShipmentState
from orders.services.history import write_event


@transaction.atomic
def fetch_status(order: Order) -> int:
    """Have each parcel with a label asked about in the background; returns how many.

    Raises NothingToAsk.
    """
    parcels = Shipment.objects.filter(order=order).exclude(state=ShipmentState.CANCELLED)
    asked = list(parcels.exclude(remote_shipment_id="").order_by("pk"))
    if not asked:
        raise NothingToAsk(order.number)
    names = ", ".join(str(parcel) for parcel in asked)
    write_event(order, "tracking", f"Asked where the parcel is: {names}.")
    for parcel in asked:
        enqueue(ask_about_parcel, parcel.pk, queue=parcel.platform)
    return len(asked)
