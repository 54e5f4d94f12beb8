"""Rates, shipments, labels, batches and trackings."""

from integrations.sandbox.easyship import account, batches, rates, shipments, tracking
from integrations.sandbox.easyship.answers import Page
from integrations.sandbox.easyship.operations.base import (
    AUTOMATE,
    CHECKOUT,
    TRACK,
    Operation,
    op,
    taking,
)
from integrations.sandbox.routes import Route

SHIPMENT = "/shipments/{easyship_shipment_id}"
SHIPPING = (
    taking(
        "RateRequest",
        op(
            "POST",
            "/rates",
            rates.request,
            "rate:read",
            Page("Request Rates", "rates_request", CHECKOUT),
        ),
    ),
    taking(
        "ShipmentCreate",
        op(
            "POST",
            "/shipments",
            shipments.create,
            "shipment:write",
            Page("Create a Shipment", "shipments_create", AUTOMATE),
        ),
    ),
    op(
        "GET",
        "/shipments",
        shipments.list_shipments,
        "shipment:read",
        Page("List all Shipments", "shipments_index", AUTOMATE),
    ),
    op(
        "GET",
        "/shipments/trackings",
        tracking.list_shipment_trackings,
        "track:read",
        Page("List all Trackings", "shipments_trackings_index", TRACK),
    ),
    op(
        "GET",
        SHIPMENT,
        shipments.view,
        "shipment:read",
        Page("Get a Shipment", "shipments_show", AUTOMATE),
    ),
    taking(
        "ShipmentUpdate",
        op(
            "PATCH",
            SHIPMENT,
            shipments.update,
            "shipment:write",
            Page("Update a Shipment", "shipments_update", AUTOMATE),
        ),
    ),
    op(
        "DELETE",
        SHIPMENT,
        shipments.delete,
        "shipment:write",
        Page("Delete a Shipment", "shipments_delete", AUTOMATE),
    ),
    op(
        "POST",
        SHIPMENT + "/cancel",
        shipments.cancel,
        "shipment:write",
        Page("Cancel a Shipment", "shipments_cancel", AUTOMATE),
    ),
    taking(
        "SingleLabelCreate",
        op(
            "POST",
            "/shipments/{shipment_id}/label",
            shipments.buy_label,
            "label:write",
            Page("Create Label", "shipment_labels_create"),
        ),
        optional=True,
    ),
    op(
        "GET",
        SHIPMENT + "/documents",
        shipments.invoice,
        "shipment_document:read",
        Page("List All Documents", "shipments_documents_index"),
    ),
    op(
        "GET",
        SHIPMENT + "/unavailable_couriers",
        shipments.list_unavailable,
        "shipment:read rate:read",
        Page("List all Unavailable Couriers", "shipment_unavailable_couriers_index"),
    ),
    op(
        "GET",
        SHIPMENT + "/transaction_records",
        account.list_shipment_records,
        "transaction_record:read",
        Page("List Transaction Records for a Shipment", "shipments_transaction_records_index"),
    ),
    taking(
        "BatchLabelsCreate",
        op(
            "POST",
            "/batches/labels",
            batches.create_labels,
            "batch:write label:write",
            Page("Create a Batch of Labels", "batch_labels_create"),
        ),
    ),
    op(
        "GET",
        "/batches",
        batches.list_batches,
        "batch:read",
        Page("List all Batches", "batches_index"),
    ),
    op(
        "GET",
        "/batches/{batch_id}",
        batches.view,
        "batch:read",
        Page("Get a Batch", "batches_show"),
    ),
    op(
        "GET",
        "/batches/{batch_id}/items",
        batches.list_items,
        "batch:read",
        Page("List all Batch Items", "batch_items_index"),
    ),
    op(
        "GET",
        "/trackings",
        tracking.list_trackings,
        "track_3p:read",
        Page("List all Trackings", "trackings_index", TRACK),
    ),
    taking(
        "TrackingCreate",
        op(
            "POST",
            "/trackings",
            tracking.create,
            "track_3p:write",
            Page("Create a Tracking", "trackings_create", TRACK),
        ),
    ),
    op(
        "GET",
        "/trackings/{tracking_id}",
        tracking.view,
        "track_3p:read",
        Page("Get a Tracking", "trackings_show", TRACK),
    ),
    op(
        "DELETE",
        "/trackings/{tracking_id}",
        tracking.delete,
        "track_3p:write",
        Page("Delete a Tracking", "trackings_delete", TRACK),
    ),
    taking(
        "SandboxTrackingUpdate",
        op(
            "PATCH",
            "/sandbox/trackings/{tracking_id}",
            tracking.update_by_hand,
            "track_3p:write",
            Page("Update a Sandbox Tracking", "sandbox_trackings_update"),
        ),
    ),
)

PAPERS = Operation(
    Route(
        "GET",
        "/shipment/v1/shipments/{uuid}/shipping_documents/{category}",
        shipments.document,
        ("shipment:read",),
    ),
    Page("Get a Shipment", "shipments_show", AUTOMATE),
)
"""Where the links of shipping_documents lead, outside the version's paths."""
