"""The account's addresses, boxes, couriers, products and lists."""

from integrations.sandbox.easyship import account, addresses, boxes, couriers, products, reference
from integrations.sandbox.easyship.answers import Page
from integrations.sandbox.easyship.operations.base import op, taking

ACCOUNT = (
    op("GET", "/account", account.view, "", Page("Information about the Account", "account_show")),
    op(
        "GET",
        "/account/credit",
        account.view_credit,
        "credit:read",
        Page("Show Credit", "credits_show"),
    ),
    taking(
        "AddressCreate",
        op(
            "POST",
            "/addresses",
            addresses.create,
            "address:write",
            Page("Create an Address", "addresses_create"),
        ),
    ),
    op(
        "GET",
        "/addresses",
        addresses.list_addresses,
        "address:read",
        Page("List all Addresses", "addresses_index"),
    ),
    taking(
        "AddressCreate",
        op(
            "PATCH",
            "/addresses/{address_id}",
            addresses.update,
            "address:write",
            Page("Update an Address", "addresses_update"),
        ),
    ),
    op(
        "POST",
        "/addresses/{id}/activate",
        addresses.activate,
        "address:write",
        Page("Activate an Address", "address_activate_create"),
    ),
    op(
        "POST",
        "/addresses/{id}/deactivate",
        addresses.deactivate,
        "address:write",
        Page("Deactivate an Address", "address_deactivate_create"),
    ),
    op("GET", "/boxes", boxes.list_boxes, "box:read", Page("List all Boxes", "boxes_index")),
    taking(
        "BoxCreate",
        op("POST", "/boxes", boxes.create, "box:write", Page("Create a Box", "boxes_create")),
    ),
    taking(
        "BoxUpdate",
        op(
            "PATCH",
            "/boxes/{box_id}",
            boxes.update,
            "box:write",
            Page("Update a Box", "boxes_update"),
        ),
    ),
    op(
        "DELETE", "/boxes/{box_id}", boxes.delete, "box:write", Page("Delete a Box", "boxes_delete")
    ),
    op(
        "GET",
        "/couriers",
        couriers.list_couriers,
        "courier:read",
        Page("List all Couriers", "couriers_index"),
    ),
    op(
        "GET",
        "/couriers/{courier_id}",
        couriers.view,
        "courier:read",
        Page("Get a Courier", "couriers_show"),
    ),
    op(
        "GET",
        "/couriers/{courier_id}/courier_services",
        couriers.list_services_of,
        "courier_service:read",
        Page("List all Courier Services of a Courier", "courier_courier_services_index"),
    ),
    op(
        "GET",
        "/courier_services",
        couriers.list_services,
        "courier_service:read",
        Page("List all Courier Services", "courier_services_index"),
    ),
    op(
        "GET",
        "/products",
        products.list_products,
        "product:read",
        Page("List all Products", "products_index"),
    ),
    taking(
        "ProductCreate",
        op(
            "POST",
            "/products",
            products.create,
            "product:write",
            Page("Create a Product", "products_create"),
        ),
    ),
    taking(
        "ProductCreate",
        op(
            "PATCH",
            "/products/{product_id}",
            products.update,
            "product:write",
            Page("Update a Product", "products_update"),
        ),
    ),
    op(
        "DELETE",
        "/products/{product_id}",
        products.delete,
        "product:write",
        Page("Delete a Product", "products_delete"),
    ),
    op(
        "GET",
        "/item_categories",
        reference.list_categories,
        "reference:read",
        Page("List all Item Categories", "item_categories_index"),
    ),
    op(
        "GET",
        "/countries",
        reference.list_countries,
        "reference:read",
        Page("List all Countries", "countries_index"),
    ),
)
