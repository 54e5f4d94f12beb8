"""An allocation (one parcel from one warehouse) and the shipment in it."""

from integrations.sandbox.carriers import carrier_numbered
from integrations.sandbox.messages import Json, words
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo.answers import USER_ID
from integrations.sandbox.veeqo.catalogue import GRAMS_PER_UNIT, Catalogue
from integrations.sandbox.veeqo.company import render_carrier

SHIPMENT = "veeqo.shipment"
TRACKING_TIMES = words("""
awaiting_collection_at awaiting_drop_off_at collected_at in_transit_at in_clearance_at
out_for_delivery_at attempted_delivery_at collect_from_depot_at notified_recipient_at delayed_at
delivered_at delivered_to_secure_location_at cancelled_at contact_support_at recipient_refused_at
returned_to_sender_at
""")
SHIPMENT_NULLS = words("""
parcel_format postal_class collection_manifest_id carrier_service_id packaging_type drop_off_type
delivery_confirmation_number outbound_shipment_date commercial_invoice_url aftership_url
carrier_service carrier_country carrier_fee
""")
SHIPMENT_OWN = words("""
id created_at updated_at allocation_id order_id carrier_id weight service_type service_name
short_service_name service_carrier_name sub_carrier_id notify_customer update_remote_order
tracking_url label_url
""")


def live_shipment(turn: Turn, allocation_id: int) -> Json | None:
    """The allocation's shipment, unless it was cancelled."""
    live = turn.tx.bodies(SHIPMENT, "parent = ? AND status = 'live'", [str(allocation_id)])
    return live[0] if live else None


def content_weight_grams(catalogue: Catalogue, allocation: Json) -> float:
    """The weight of the units in an allocation."""
    return sum(
        (catalogue.sellable(line["sellable_id"])["weight_grams"] or 0) * line["quantity"]
        for line in allocation["lines"]
    )


def render_allocation(turn: Turn, catalogue: Catalogue, stored: Json) -> Json:
    """An allocation with its 20 keys."""
    shipment = live_shipment(turn, stored["id"])
    grams = content_weight_grams(catalogue, stored)
    empty = words(
        "packed_completely due_date dispatch_date remote_id recommended_shipping_options "
        "preferred_shipment_options matched_parcel_properties_criteria preferred_shipment_date"
    )
    return {
        **{name: stored[name] for name in ("id", "created_at", "updated_at", "order_id")},
        **dict.fromkeys(empty),
        "total_weight": round(grams / GRAMS_PER_UNIT["oz"], 2),
        "weight_unit": "oz",
        "allocated_by_id": USER_ID,
        "line_items": [_render_line(catalogue, stored, line) for line in stored["lines"]],
        "shipment": render_shipment(turn, shipment) if shipment else None,
        "warehouse": catalogue.warehouse(stored["warehouse_id"]),
        "allocation_package": stored["package"],
        "from_gb_to_northern_ireland": False,
    }


def _render_line(catalogue: Catalogue, stored: Json, line: Json) -> Json:
    return {
        "id": line["id"],
        "quantity": line["quantity"],
        "picked_quantity": 0,
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
        "sellable": catalogue.sellable(line["sellable_id"]),
        "warehouse_sublocation": None,
    }


def render_shipment(turn: Turn, stored: Json) -> Json:
    """A shipment with all its keys."""
    account = turn.world.account
    carrier = carrier_numbered(stored["carrier_id"])
    return {
        **{name: stored.get(name) for name in SHIPMENT_OWN},
        **dict.fromkeys(SHIPMENT_NULLS),
        "charges": [],
        "carrier_fees": [],
        "insured_value": 0,
        "has_return_label": False,
        "shipped_by_id": USER_ID,
        "shipped_by": {
            "id": USER_ID,
            "login": account.veeqo_user,
            "email": account.veeqo_email,
        },
        "carrier": render_carrier(carrier) if carrier else None,
        "tracking_number": render_tracking_number(stored),
        "outbound_label_charges": stored["charges"],
    }


def render_tracking_number(stored: Json) -> Json | None:
    """Null without a number; small when typed in by hand; large on a label bought here."""
    if not stored["tracking_number"]:
        return None
    small = {"id": stored["tracking_id"], "tracking_number": stored["tracking_number"]}
    if not stored["bought"]:
        return small
    return {
        **small,
        "cancelled": False,
        "used": True,
        "carrier_service_id": None,
        "billed": False,
        "shipment_id": stored["id"],
        "tracking_number_range_id": None,
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
        "user_trackable": True,
        "status": stored["status"],
        **{name: stored["times"].get(name) for name in TRACKING_TIMES},
    }
