"""Definitions that several requests share, or point into."""

from integrations.sandbox.easyship.codes import COUNTRIES, CURRENCIES
from integrations.sandbox.easyship.schemas.words import (
    BOOLEAN,
    CURRENCY,
    EVENT_TYPES,
    MOMENT,
    NUMBER,
    TEXT,
    UUID,
    both,
    choice,
    closed,
    items,
    optional,
    ref,
    table,
    text,
)
from integrations.sandbox.messages import Json

SHARED: dict[str, Json] = {
    "CountryAlpha2": choice(*COUNTRIES),
    "CountryAlpha2Nullable": optional(choice(*COUNTRIES, None)),
    "Currency": choice(*CURRENCIES, nullable=False),
    "CurrencyNullable": optional(choice(*CURRENCIES, None)),
    "Units": closed(
        {"weight": choice("kg", "g", "lb", "oz"), "dimensions": choice("cm", "in")},
    ),
    "Address": table(
        {
            "line_1": text(35),
            "line_2": text(35, nullable=True),
            "state": text(200),
            "city": text(200),
            "postal_code": optional(TEXT),
            "country_alpha2": ref("CountryAlpha2"),
            "company_name": text(27, nullable=True),
            "contact_name": text(22),
            "contact_phone": text(20, nullable=True),
            "contact_email": text(50, format="email"),
        }
    ),
    "DestinationAddress": closed(
        {
            "line_1": text(35),
            "line_2": text(35, nullable=True),
            "state": text(200, nullable=True),
            "city": text(200),
            "postal_code": TEXT,
            "country_alpha2": ref("CountryAlpha2"),
            "company_name": text(50, nullable=True),
            "contact_name": text(50),
            "contact_phone": text(20),
            "contact_email": text(50, format="email"),
            "delivery_instructions": text(200, nullable=True),
        }
    ),
}
"""Whole definitions that several requests share."""

PARTS: dict[str, Json] = {
    "Shipment": {
        "properties": {
            "easyship_shipment_id": {**TEXT, "pattern": "^ES\\w{2}\\d{7,}$"},
            "metadata": {"type": "object"},
            "incoterms": optional(choice("DDU", "DDP", None)),
            "regulatory_identifiers": closed(
                {name: optional(TEXT) for name in ("eori", "ioss", "vat_number")}
            ),
            "buyer_regulatory_identifiers": closed(
                {name: optional(TEXT) for name in ("ein", "vat_number", "ssn")}
            ),
            "insurance": optional(
                closed(
                    {"is_insured": BOOLEAN, "insured_amount": NUMBER, "insured_currency": CURRENCY}
                )
            ),
            "order_data": closed(
                {
                    "platform_name": text(200, nullable=True),
                    "platform_order_number": text(200, nullable=True),
                    "order_created_at": optional(MOMENT),
                    "order_tag_list": items(TEXT, maxItems=500),
                    "seller_notes": optional(TEXT),
                    "buyer_notes": optional(TEXT),
                    "buyer_selected_courier_name": optional(TEXT),
                }
            ),
            "shipping_settings": {
                "properties": {
                    "b13a_filing": optional(
                        closed(
                            {
                                "option": choice(
                                    "not_required",
                                    "fedex_to_stamp",
                                    "filed_electronically",
                                    "manually_attached",
                                    "summary_reporting",
                                ),
                                "option_export_compliance_statement": optional(TEXT),
                                "permit_number": optional(TEXT),
                            }
                        )
                    )
                }
            },
        }
    },
    "ParcelItem": {
        "properties": {
            "platform_product_id": optional(TEXT),
            "manufacturer_part_number": optional(TEXT),
            "global_trade_item_number": optional(TEXT),
            "contains_battery_pi966": optional(BOOLEAN),
            "contains_battery_pi967": optional(BOOLEAN),
            "contains_liquids": optional(BOOLEAN),
        }
    },
    "Product": {
        "properties": {
            "id": UUID,
            "store_id": optional(UUID),
            "comments": optional(TEXT),
            "input_type": choice("manual_input", "product_sync", "api", "api_upload", "csv_upload"),
            "platform_product_id": optional(TEXT),
            "manufacturer_part_number": optional(TEXT),
            "global_trade_item_number": optional(TEXT),
            "origin_country_alpha2": both(ref("CountryAlpha2Nullable")),
            "hs_code": optional(TEXT),
            "created_at": TEXT,
            "updated_at": TEXT,
        }
    },
    "WebhookBase": {"properties": {"endpoint": {**TEXT, "format": "URI"}}},
    "Webhook2024_09": {
        "properties": {
            "event_types": items(choice(*EVENT_TYPES), minItems=1, maxItems=13),
            "version": choice("2024-09"),
        }
    },
}
"""Answers' definitions, as far as requests point into them."""
