"""Who may do what. `manage.py ensure_roles` makes the groups match this file."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from core.errors import DomainError

_SEEN_BY_ALL = [
    *(
        f"warehouses.view_{name}"
        for name in (
            "warehouse",
            "carrier",
            "carrierservice",
            "destinationzone",
            "pickupcutoff",
            "product",
            "ratecard",
            "stocklevel",
            "stockmovement",
            "transittime",
            "warehouseclosure",
            "zipcentroid",
        )
    ),
    *(
        f"orders.view_{name}"
        for name in (
            "order",
            "orderline",
            "orderevent",
            "finding",
            "hold",
            "tag",
            "reservation",
            "shipment",
            "trackingevent",
            "addressoverride",
            "columnmapping",
            "duplicatepair",
            "importrow",
            "importsession",
            "bulkrun",
        )
    ),
    *(
        f"routing.view_{name}"
        for name in (
            "ruleset",
            "rule",
            "rulecondition",
            "ruleoutcome",
            "routingdecision",
            "simulation",
            "simulationrow",
        )
    ),
    *(
        f"integrations.view_{name}"
        for name in (
            "dispatch",
            "dispatchattempt",
            "driftfinding",
            "platformhealth",
            "reconciliation",
            "remoteid",
            "synccursor",
            "stocksnapshot",
            "syncprogress",
            "unmatched",
        )
    ),
]
_ASK = ["integrations.fetch_status"]
_PAPERS = ["orders.view_document", "orders.download_document"]
_QUEUE = [
    "integrations.retry_dispatch",
    "integrations.approve_dispatch",
    "integrations.settle_driftfinding",
]
_PLATFORMS = [
    "integrations.sync_platform",
    "integrations.reconcile_platform",
    "integrations.pause_platform",
    "integrations.view_apicall",
    "integrations.view_webhookevent",
    "integrations.process_webhookevent",
    "integrations.retry_dispatch",
    "integrations.add_remoteid",
    "integrations.change_remoteid",
    "integrations.delete_remoteid",
]
_IMPORTS = ["orders.view_importsession", "orders.view_columnmapping"]
_CLERK = [
    *_IMPORTS,
    *_ASK,
    "orders.change_order",
    "orders.change_duplicatepair",
    "orders.import_orders",
    "orders.hold_order",
    "orders.cancel_order",
    "orders.add_tag",
    "orders.change_tag",
    "orders.change_bulkrun",
]
_ROUTER = [
    "orders.route_order",
    "orders.override_route",
    "orders.approve_review",
    "orders.send_order",
    "orders.hold_order",
    "orders.change_bulkrun",
    *_ASK,
    *_QUEUE,
    *_PAPERS,
    "routing.add_ruleset",
    "routing.change_ruleset",
    "routing.simulate_ruleset",
]
_WAREHOUSE = [
    *_ASK,
    *_PAPERS,
    "warehouses.receive_stock",
    "warehouses.adjust_stock",
    "warehouses.transfer_stock",
    "warehouses.change_stocklevel",
    "orders.hold_order",
    "orders.change_bulkrun",
]
_NETWORK = [
    f"warehouses.{verb}_{name}"
    for verb in ("add", "change", "delete")
    for name in (
        "warehouse",
        "carrier",
        "carrierservice",
        "destinationzone",
        "pickupcutoff",
        "product",
        "ratecard",
        "transittime",
        "warehouseclosure",
    )
]
_JOBS = [
    "core.view_workerheartbeat",
    "django_q.view_schedule",
    "django_q.view_success",
    "django_q.view_failure",
    "django_q.view_ormq",
]

ROLES: dict[str, list[str]] = {
    "Viewer": _SEEN_BY_ALL,
    "Clerk": [*_SEEN_BY_ALL, *_CLERK],
    "Router": [*_SEEN_BY_ALL, *_ROUTER],
    "Warehouse": [*_SEEN_BY_ALL, *_WAREHOUSE],
    "Supervisor": [
        *_SEEN_BY_ALL,
        *_CLERK,
        *_ROUTER,
        *_WAREHOUSE,
        *_NETWORK,
        *_JOBS,
        *_PLATFORMS,
        "orders.export_orders",
        "routing.publish_ruleset",
        "orders.delete_tag",
        "orders.delete_columnmapping",
        "core.view_auditevent",
    ],
    "Integrator": [
        *_SEEN_BY_ALL,
        *_JOBS,
        *_PLATFORMS,
        "core.view_apitoken",
        "core.add_apitoken",
        "core.change_apitoken",
    ],
    "Auditor": [
        *_SEEN_BY_ALL,
        *_JOBS,
        "integrations.view_apicall",
        "integrations.view_webhookevent",
        "core.view_auditevent",
        "core.view_apitoken",
    ],
}


class UnknownPermission(DomainError):
    code = "unknown_permission"

    def __init__(self, names: set[str]):
        super().__init__(f"config/roles.py names permissions that do not exist: {sorted(names)}.")


@transaction.atomic
def ensure_roles() -> dict[str, int]:
    """Make each role's group hold exactly its permissions; return how many each has.

    Raises UnknownPermission, with nothing changed.
    """
    known = _permissions({name for names in ROLES.values() for name in names})
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names])
    return {role: len(set(names)) for role, names in ROLES.items()}


def _permissions(names: set[str]) -> dict[str, Permission]:
    wanted = Q()
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(wanted).select_related("content_type")
    }
    if missing := names - found.keys():
        raise UnknownPermission(missing)
    return found
