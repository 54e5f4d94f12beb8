"""The admin's look, and its sidebar in the order staff think."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse, reverse_lazy


def _link(title: str, icon: str, model: str, permission: str = "") -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "active": _is_active(f"admin:{app}_{name}_changelist"),
        "permission": _may(permission or f"{app}.view_{name}"),
    }


_PAGES = (
    "admin:orders_order_from_text",
    "admin:orders_importsession_upload",
    "admin:orders_importsession_products",
)
"""Pages below a list's address that have a line of their own."""


def _is_active(name: str) -> Any:
    def is_active(request: Any) -> bool:
        is_below = request.path.startswith(reverse(name))
        return is_below and request.path not in [reverse(page) for page in _PAGES]

    return is_active


def _page(
    title: str, icon: str, name: str, permission: str = "orders.import_orders"
) -> dict[str, Any]:
    """A page that is no list."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}"),
        "permission": _may(permission),
    }


def _may(permission: str) -> Any:
    def may(request: Any) -> bool:
        return bool(request.user.has_perm(permission))

    return may


def _beside_review(path: str) -> str:
    """Empty for the review queue, which has an entry of its own."""
    return "" if path.endswith("/review/") else path


NAVIGATION: list[dict[str, Any]] = [
    {
        "title": "Orders",
        "items": [
            {"title": "Today", "icon": "dashboard", "link": reverse_lazy("admin:index")},
            _link("Orders", "package_2", "orders.order"),
            _page("Review", "rule", "routing_routingdecision_review", "orders.view_order"),
            _link("Decisions", "alt_route", "routing.routingdecision")
            | {"active": lambda request: "/routingdecision/" in _beside_review(request.path)},
            _page("New from text", "content_paste", "orders_order_from_text"),
            _page("Import a file", "upload_file", "orders_importsession_upload"),
            _link("Imports", "table_view", "orders.importsession"),
            _link("Findings", "flag", "orders.finding"),
            _link("Duplicates", "content_copy", "orders.duplicatepair"),
            _link("Vouched addresses", "verified", "orders.addressoverride"),
            _link("Holds", "pan_tool", "orders.hold"),
            _link("Tags", "sell", "orders.tag"),
            _link("Bulk runs", "playlist_add_check", "orders.bulkrun"),
        ],
    },
    {
        "title": "Platforms",
        "separator": True,
        "items": [
            _link("Platforms", "hub", "integrations.platformhealth"),
            _link("Dispatches", "outbox", "integrations.dispatch"),
            _link("Shipments", "deployed_code_history", "orders.shipment"),
            _link("Labels and papers", "description", "orders.document"),
            _link("Drift", "compare_arrows", "integrations.driftfinding"),
            _link("Reconciliations", "rule", "integrations.reconciliation"),
            _link("Mappings", "link", "integrations.remoteid"),
            _link("Webhook events", "webhook", "integrations.webhookevent"),
            _link("Rounds of questions", "sync", "integrations.synccursor"),
            _link("To map", "add_link", "integrations.unmatched"),
            _link("Syncs", "sync", "integrations.syncprogress"),
            _link("Platform calls", "swap_horiz", "integrations.apicall"),
        ],
    },
    {
        "title": "Routing",
        "separator": True,
        "items": [
            _link("Rulesets", "gavel", "routing.ruleset"),
            _link("Simulations", "science", "routing.simulation"),
        ],
    },
    {
        "title": "Stock",
        "separator": True,
        "items": [
            _link("Products", "inventory_2", "warehouses.product"),
            _page(
                "Import products",
                "upload_file",
                "orders_importsession_products",
                "warehouses.add_product",
            ),
            _link("Stock levels", "warehouse", "warehouses.stocklevel"),
            _link("Stock movements", "swap_vert", "warehouses.stockmovement"),
            _link("Stock at platforms", "compare", "integrations.stocksnapshot"),
            _link("Reservations", "bookmark", "orders.reservation"),
        ],
    },
    {
        "title": "Network",
        "separator": True,
        "items": [
            _link("Warehouses", "home_work", "warehouses.warehouse"),
            _link("Carriers", "local_shipping", "warehouses.carrier"),
            _link("Carrier services", "route", "warehouses.carrierservice"),
            _link("Pickup cut-offs", "schedule", "warehouses.pickupcutoff"),
            _link("Rate cards", "payments", "warehouses.ratecard"),
            _link("ZIP codes", "location_on", "warehouses.zipcentroid"),
        ],
    },
    {
        "title": "Settings",
        "separator": True,
        "items": [
            _link("People", "person", "auth.user"),
            _link("Roles", "group", "auth.group"),
            _link("API tokens", "key", "core.apitoken"),
            _link("Audit trail", "history", "core.auditevent"),
            _link("Workers", "monitor_heart", "core.workerheartbeat"),
            _link("Schedules", "event_repeat", "django_q.schedule"),
            _link("Failed jobs", "error", "django_q.failure"),
            _link("Finished jobs", "task_alt", "django_q.success"),
            _link("Queued jobs", "pending", "django_q.ormq"),
        ],
    },
]

THEME: dict[str, Any] = {
    "SITE_TITLE": "Crossdock",
    "SITE_HEADER": "Crossdock",
    "SITE_SUBHEADER": "Operations",
    "SITE_SYMBOL": "conveyor_belt",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("crossdock/favicon.svg"),
        }
    ],
    "ENVIRONMENT": "config.sandbox_mark.sandbox_mark",
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "BORDER_RADIUS": "6px",
    "COMMAND": {"search_models": False, "show_history": False},
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": NAVIGATION},
    "COLORS": {
        "primary": {
            "50": "oklch(97.1% .014 230)",
            "100": "oklch(94% .03 230)",
            "200": "oklch(88.5% .06 230)",
            "300": "oklch(80.5% .1 232)",
            "400": "oklch(71% .13 235)",
            "500": "oklch(62% .15 240)",
            "600": "oklch(54% .15 244)",
            "700": "oklch(47.5% .13 245)",
            "800": "oklch(41.5% .11 246)",
            "900": "oklch(37% .09 248)",
            "950": "oklch(28% .07 250)",
        }
    },
}
