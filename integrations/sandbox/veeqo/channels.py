"""Channels, which Veeqo's documents call stores. Most of their 98 keys never change here."""

from typing import Any

from integrations.sandbox.messages import Json, Response, json_response, words
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import warehouses
from integrations.sandbox.veeqo.answers import (
    COMPANY_ID,
    USER_ID,
    created,
    found,
    no_content,
    not_found,
    ok,
    require,
    texts,
    whole,
)
from integrations.sandbox.veeqo.paging import Selection, read_page, select_page

KIND = "veeqo.channel"

NULL_KEYS = words("""
short_name url shopify_url shopify_multi_location shopify_pull_orders_fraud_info
shopify_pull_order_edits shopify_import_hs_code_and_country_of_origin ebay_url pulled_products_at
pulled_orders_at pulled_stock_level_at seller_id marketplace_id mws_auth_token deleted_at
deleted_by_id api2cart_store_key bridge_url bridge_verified successfully_fetched_stock_levels_at
adjust_orders_tax_rate weight_unit marketplace_country time_zone time_zone_offset token
channel_setup_id external_id amazon_fulfillment_setting amazon_channel_specific
api2cart_channel_specific custom_integration_channel_specific additional_api2cart_site
time_since_product_sync time_since_order_sync time_since_tried_fetch_stock_level
time_since_successfully_fetch_stock_level channel_oauth_refresh_token_expires_at
""")
FALSE_KEYS = words("""
pull_pending_orders default_send_shipment_email automatic_product_linking_disabled
pull_historical_orders send_notification_emails_to_customers end_ebay_listing_on_out_of_stock
with_fba first_sync_finish_notice_marked_as_read pull_unpaid_shopify_orders
create_product_on_ended_listings veeqo_dictates_price keep_inventory_tracking_value
amazon_fulfillment_enabled import_additional_payment_details import_order_tags
authorized_at_remote_store notify_on_outbound_shipment_date remote disabled_push_of_stock_level
remote_warehouses_exist
""")
TRUE_KEYS = words("""
update_remote_order create_product_if_unmatched skip_title_matching skip_fba_orders_and_products
pull_stock_level_required pull_product_properties update_product_attributes
veeqo_dictates_stock_level link_to_products_linked_to_current_channel
link_with_similar_listings_by_sku import_cost_price import_product_tags import_product_brands
pull_product_images is_master
""")
EMPTY_KEYS = ("region", "city", "address_line_1", "address_line_2", "post_code")
ZERO_KEYS = ("max_qty_to_advert", "min_threshold_qty", "always_set_qty", "routing_order_type")
LIST_KEYS = ("warehouses", "stock_level_update_requests", "channel_warehouses")
UNCHANGING: Json = {
    **dict.fromkeys(NULL_KEYS),
    **dict.fromkeys(FALSE_KEYS, False),
    **dict.fromkeys(TRUE_KEYS, True),
    **dict.fromkeys(EMPTY_KEYS, ""),
    **dict.fromkeys(ZERO_KEYS, 0),
    **{key: [] for key in LIST_KEYS},
    "ebay_site_code_id": 3,
    "percent_of_qty": 100,
    "outbound_shipment_notification_time": "09:00",
    "country": "US",
    "state": "active",
    "created_by_id": USER_ID,
}
WRITABLE = ("name", "type_code", "currency_code", "short_name", "email")


def add(turn: Turn, given: Json) -> Json:
    """Store a channel; default_warehouse_id names its warehouse."""
    number = turn.ids.number(KIND, 4200)
    body = {"id": number, "default_warehouse_id": given["default_warehouse_id"]}
    body |= {**dict.fromkeys(WRITABLE), **texts(given, WRITABLE)}
    body["type_code"] = body["type_code"] or "direct"
    name = body["name"] or ""
    turn.tx.add(KIND, number, body, reference=name, status=body["type_code"])
    return body


def render(turn: Turn, stored: Json) -> Json:
    """The channel with all its keys."""
    warehouse = turn.tx.get(warehouses.KIND, stored["default_warehouse_id"]) or {}
    return {
        **UNCHANGING,
        **{name: value for name, value in stored.items() if name != "default_warehouse_id"},
        "warehouse": {"id": warehouse.get("id", 0), "name": warehouse.get("name")},
        "default_warehouse": {**warehouse, **_location(warehouse)},
    }


def _location(warehouse: Json) -> Json:
    """What a warehouse carries only inside a channel."""
    tail = f"{warehouse.get('id', 0):012d}"
    return {
        "user_id": None,
        "lat": None,
        "lng": None,
        "company_id": COMPANY_ID,
        "letterbox_address_id": f"5a0db0c5-0000-4000-8000-{tail}",
        "sortinghat_warehouse_id": f"5a0db0c5-0000-4000-9000-{tail}",
        "cached_time_zone": None,
    }


def list_channels(call: Call) -> Response:
    """GET /channels."""
    page = read_page(call, 12)
    values: tuple[Any, ...] = ()
    where = "1"
    if code := call.request.first("type_code"):
        where, values = "status = ?", (code,)
    documents, headers = select_page(call, Selection(KIND, where, values), page, ())
    rendered = [render(call.turn, document.body) for document in documents]
    return json_response(200, rendered, headers)


def view(call: Call) -> Response:
    """GET /channels/{id}."""
    return ok(render(call.turn, found(call.tx.get(KIND, call.params["id"]))))


def create(call: Call) -> Response:
    """POST /channels."""
    require(call.body, "name", "type_code")
    first = call.tx.select(warehouses.KIND, tail="ORDER BY seq LIMIT 1")
    number = int(first[0].id) if first else 0
    if call.body.get("default_warehouse_id"):
        number = whole(call.body, "default_warehouse_id")
    if call.tx.get(warehouses.KIND, number) is None:
        not_found()
    body = add(call.turn, {**call.body, "default_warehouse_id": number})
    return created(render(call.turn, body), f"/channels/{body['id']}")


def update(call: Call) -> Response:
    """PUT /channels/{id}."""
    body = found(call.tx.get(KIND, call.params["id"]))
    body |= {name: value for name, value in texts(call.body, WRITABLE).items() if value}
    call.tx.put(KIND, body["id"], body, reference=body["name"] or "")
    return no_content()


def delete(call: Call) -> Response:
    """DELETE /channels/{id}."""
    found(call.tx.get(KIND, call.params["id"]))
    call.tx.remove(KIND, call.params["id"])
    return no_content()
