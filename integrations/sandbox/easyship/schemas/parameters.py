"""
The query parameters of each operation that has any.

In the document's order, path parameters included, because error pointers count them.
"""

from integrations.sandbox.easyship.codes import COUNTRIES
from integrations.sandbox.easyship.schemas.words import (
    BOOLEAN,
    INTEGER,
    STATES,
    TEXT,
    choice,
    items,
)
from integrations.sandbox.messages import Json

Parameters = list[tuple[str, Json | None]]
"""Names with their schemas; a path parameter has none."""

PAGING: Parameters = [
    ("page", {**INTEGER, "minimum": 1}),
    ("per_page", {**INTEGER, "minimum": 1, "maximum": 100}),
]
LISTED = items(TEXT)
BATCH_STATES = choice("created", "processing", "processed", "failed")
ACCEPTS = items(
    choice(
        "outbounds",
        "prepaid_returns",
        "pay_on_scan_returns",
        "pi965_batteries",
        "pi966_batteries",
        "pi967_batteries",
        "liquids",
        "documents",
        "parcels",
        "specific_dangerous_goods",
    )
)
SORTED_SERVICES: Parameters = [
    ("sort_by", choice("origin_country_id", "courier_name", "created_at")),
    ("sort_direction", choice("ASC", "DESC")),
    ("country_alpha2", items(choice(*COUNTRIES))),
]
REACH: Parameters = [
    ("supported_incoterms", items(choice("DDU", "DDP"))),
    ("international", BOOLEAN),
    ("domestic", BOOLEAN),
]
TRACKING_STATES = choice("created", "active", "pending", "completed", "overwritten_by_admin")
BOX_COURIERS = ("Australia Post MyPost Business", "Aramex", "FedEx", "USPS", "UPS")
CONTINENTS = (
    "Africa",
    "Asia",
    "Europe",
    "North America",
    "Oceania",
    "Others",
    "South America",
)
SHIPMENT_MOMENTS = tuple(
    f"{name}_at_{end}"
    for name in ("created", "updated", "label_paid", "label_generated")
    for end in ("from", "to")
)

PARAMETERS: dict[str, Parameters] = {
    "GET /shipments": [
        *PAGING,
        ("easyship_shipment_id", LISTED),
        ("platform_order_number", TEXT),
        *((name, TEXT) for name in SHIPMENT_MOMENTS),
        ("shipment_state", choice(*STATES["shipment_state"])),
        *(
            (name, items(choice(*STATES[name])))
            for name in ("label_state", "pickup_state", "delivery_state", "warehouse_state")
        ),
        ("origin_country_alpha2", LISTED),
        ("destination_country_alpha2", LISTED),
        ("return", TEXT),
    ],
    "GET /shipments/trackings": [
        *PAGING,
        ("easyship_shipment_id", LISTED),
        ("platform_order_number", LISTED),
        ("include_checkpoints", BOOLEAN),
    ],
    "GET /shipments/{easyship_shipment_id}": [
        ("easyship_shipment_id", None),
        *((name, TEXT) for name in ("format", "label", "commercial_invoice", "packing_slip")),
    ],
    "GET /shipments/{easyship_shipment_id}/documents": [
        ("easyship_shipment_id", None),
        ("document_type", choice("commercial_invoice")),
        ("page_size", choice("4x6", "A4")),
    ],
    "GET /shipments/{easyship_shipment_id}/unavailable_couriers": PAGING,
    "GET /shipments/{easyship_shipment_id}/transaction_records": PAGING,
    "GET /trackings": [
        *PAGING,
        *((name, TEXT) for name in ("origin_country_alpha2", "destination_country_alpha2")),
        ("source", TEXT),
        ("tracking_state", TRACKING_STATES),
    ],
    "GET /couriers": [
        *PAGING,
        (
            "sort_by",
            choice("customer_reference_id", "umbrella_name", "country_alpha2", "created_at"),
        ),
        ("sort_direction", choice("ASC", "DESC")),
        ("country_alpha2", items(choice(*COUNTRIES))),
        ("customer_reference_id", TEXT),
        ("auth_state", items(choice("unverified", "verified", "partially_verified", "failed"))),
        ("state", items(choice("pending", "pending_upgrade", "active", "inactive"))),
        ("umbrella_name", TEXT),
        ("active_courier_services", BOOLEAN),
        ("easyship_courier", BOOLEAN),
    ],
    "GET /courier_services": [
        *PAGING,
        *SORTED_SERVICES,
        ("umbrella_name", TEXT),
        ("customer_reference_id", TEXT),
        ("accepts", ACCEPTS),
        *REACH,
    ],
    "GET /couriers/{courier_id}/courier_services": [
        *PAGING,
        *SORTED_SERVICES,
        ("courier_id", None),
        ("umbrella_name", TEXT),
        ("customer_reference_id", TEXT),
        ("accepts", ACCEPTS),
        ("prohibit_dangerous_goods", BOOLEAN),
        *REACH,
    ],
    "GET /products": [*PAGING, ("sku", TEXT), ("category", TEXT)],
    "GET /boxes": [
        *PAGING,
        ("courier_country_alpha2", TEXT),
        ("courier_umbrella_name", choice(*BOX_COURIERS)),
    ],
    "GET /addresses": [
        *PAGING,
        ("status", choice("active", "inactive")),
        ("default_addresses", BOOLEAN),
    ],
    "GET /item_categories": PAGING,
    "GET /countries": [
        *PAGING,
        ("continent", items(choice(*CONTINENTS))),
        ("alpha2", LISTED),
    ],
    "GET /webhooks": PAGING,
    "GET /batches": [
        *PAGING,
        ("state", BATCH_STATES),
        ("type", choice("shipment_batch", "address_batch", "label_batch")),
    ],
    "GET /batches/{batch_id}/items": PAGING,
}
