"""Definitions of rates, shipments, labels and trackings."""

from integrations.sandbox.easyship.schemas.words import (
    BOOLEAN,
    BOX_SIZE,
    CURRENCY,
    INTEGER,
    NUMBER,
    PRINTING,
    TEXT,
    UUID,
    both,
    choice,
    closed,
    item_columns,
    items,
    optional,
    parcel_items,
    parties,
    ref,
    table,
)
from integrations.sandbox.messages import Json

PARCELS: dict[str, Json] = {
    "ParcelItemRateCreate": closed(item_columns(), ("declared_currency", "declared_customs_value")),
    "ParcelItemCreate": closed(
        item_columns(), ("description", "declared_currency", "declared_customs_value")
    ),
    "ParcelProductItemCreate": closed(
        {
            "product": table({"id": UUID, "sku": TEXT}),
            "quantity": ref("ParcelItemCreate/properties/quantity"),
            "declared_currency": ref("ParcelItemCreate/properties/declared_currency"),
            "declared_customs_value": ref("ParcelItemCreate/properties/declared_customs_value"),
        }
    ),
    "ParcelReturnItemCreate": closed({"id": UUID, "quantity": INTEGER}),
    "ParcelItemUpdate": both(ref("ParcelItemCreate"), table({"id": UUID})),
    "ParcelRateCreate": closed(
        {
            "total_actual_weight": NUMBER,
            "box": optional(BOX_SIZE),
            "items": parcel_items("ParcelItemRateCreate"),
        }
    ),
    "ParcelCreate": closed(
        {
            "total_actual_weight": NUMBER,
            "box": optional(BOX_SIZE),
            "items": parcel_items("ParcelItemCreate"),
        }
    ),
    "ParcelUpdate": closed(
        {
            "id": UUID,
            "total_actual_weight": ref("ParcelCreate/properties/total_actual_weight"),
            "box": ref("ParcelCreate/properties/box"),
            "items": items(ref("ParcelItemUpdate"), minItems=1, maxItems=200),
        }
    ),
}

SHIPMENTS: dict[str, Json] = {
    "RateRequest": closed(
        {
            "origin_address": both(ref("Address"), {"required": ["state", "city", "postal_code"]}),
            "destination_address": both(
                ref("DestinationAddress"),
                {"required": ["line_1", "state", "city", "postal_code", "country_alpha2"]},
            ),
            "set_as_residential": ref("ShipmentCreate/properties/set_as_residential"),
            "incoterms": ref("Shipment/properties/incoterms"),
            "insurance": ref("Shipment/properties/insurance"),
            "return": ref("ShipmentCreate/properties/return"),
            "courier_settings": closed(
                {"show_courier_logo_url": BOOLEAN, "apply_shipping_rules": BOOLEAN}
            ),
            "shipping_settings": closed({"units": ref("Units"), "output_currency": CURRENCY}),
            "parcels": items(ref("ParcelRateCreate"), minItems=1),
            "calculate_tax_and_duties": BOOLEAN,
            "filter_options": table(
                {"courier_service_name": TEXT, "courier_service_ids": items(UUID)}
            ),
        },
        ("origin_address", "destination_address", "parcels"),
    ),
    "ShipmentCreate": closed(
        {
            **parties(),
            "return": BOOLEAN,
            "metadata": ref("Shipment/properties/metadata"),
            "set_as_residential": BOOLEAN,
            "consignee_tax_id": TEXT,
            "eei_reference": TEXT,
            "regulatory_identifiers": ref("Shipment/properties/regulatory_identifiers"),
            "buyer_regulatory_identifiers": ref("Shipment/properties/buyer_regulatory_identifiers"),
            "incoterms": ref("Shipment/properties/incoterms"),
            "insurance": ref("Shipment/properties/insurance"),
            "order_data": ref("Shipment/properties/order_data"),
            "courier_settings": table(
                {
                    "courier_service_id": optional(TEXT),
                    "courier_umbrella": optional(TEXT),
                    "courier_service_name": optional(TEXT),
                    "courier_account_number": optional(TEXT),
                    "allow_fallback": BOOLEAN,
                    "apply_shipping_rules": BOOLEAN,
                    "list_unavailable_services": BOOLEAN,
                }
            ),
            "shipping_settings": table(
                {
                    "additional_services": closed(
                        {
                            "delivery_confirmation": choice(
                                "ups_delivery_confirmation_adult_signature_required",
                                "ups_delivery_confirmation_signature_required",
                                "dpd_uk_signature_required",
                                "dpd_uk_proof_of_identity",
                                "dpd_uk_proof_of_age",
                                "dpd_uk_pin_required",
                            ),
                            "qr_code": choice("qr_code", "qr_code_with_label", "none"),
                        }
                    ),
                    "units": ref("Units"),
                    "buy_label": BOOLEAN,
                    "buy_label_synchronous": BOOLEAN,
                    "b13a_filing": ref(
                        "Shipment/properties/shipping_settings/properties/b13a_filing"
                    ),
                    "printing_options": PRINTING,
                    "label_customization_fields": items(
                        table({"code": TEXT, "value": TEXT, "convert_to_barcode": {}}, ["value"]),
                        minItems=1,
                    ),
                }
            ),
            "parcels": items(ref("ParcelCreate")),
        },
        ("parcels",),
    ),
    "ShipmentUpdate": closed(
        {
            **{
                name: ref(f"ShipmentCreate/properties/{name}")
                for name in (
                    *parties(),
                    "set_as_residential",
                    "consignee_tax_id",
                    "eei_reference",
                    "courier_settings",
                    "shipping_settings",
                )
            },
            **{
                name: ref(f"Shipment/properties/{name}")
                for name in (
                    "metadata",
                    "regulatory_identifiers",
                    "incoterms",
                    "insurance",
                    "order_data",
                )
            },
            "parcels": items(ref("ParcelUpdate"), minItems=1, maxItems=200),
        }
    ),
    "SingleLabelCreate": closed({"courier_service_id": TEXT, "printing_options": PRINTING}),
    "BatchLabelsCreate": closed(
        {
            "shipments": items(
                closed(
                    {
                        "easyship_shipment_id": ref("Shipment/properties/easyship_shipment_id"),
                        "courier_service_id": UUID,
                    },
                    ["easyship_shipment_id"],
                ),
                minItems=1,
                maxItems=1000,
            )
        },
        ["shipments"],
    ),
    "SandboxTrackingUpdate": closed(
        {
            "status_slug": choice(
                "in_transit_to_customer",
                "out_for_delivery",
                "failed_attempt",
                "delivered",
                "exception",
            )
        }
    ),
    "TrackingCreate": table(
        {
            "tracking_number": TEXT,
            "courier_service_id": UUID,
            "courier_service_name": TEXT,
            "platform_order_number": ref(
                "Shipment/properties/order_data/properties/platform_order_number"
            ),
            "origin_address_id": UUID,
            "origin_address": ref("Address"),
            "destination_address": both(
                ref("DestinationAddress"),
                {
                    "required": [
                        "line_1",
                        "state",
                        "city",
                        "postal_code",
                        "contact_name",
                        "contact_email",
                        "contact_phone",
                    ]
                },
            ),
            "items": items(closed({"description": TEXT, "quantity": NUMBER}, ["description"])),
        },
        ["tracking_number"],
    ),
}
