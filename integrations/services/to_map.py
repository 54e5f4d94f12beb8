"""The list of things to map: a person says what of ours is meant, or that nothing is."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.audit import record_audit
from integrations.errors import NotOurs
from integrations.models import RemoteId, RemoteKind, Unmatched
from integrations.services.mapping import map_remote_id
from warehouses.models import CarrierService, Product, Warehouse


def our_code(kind: str, platform: str, said: str) -> str:
    """The code as we write it. Raises NotOurs."""
    code = _codes(kind, platform, said.strip()).first()
    if code is None:
        raise NotOurs(RemoteKind(kind).label.lower(), said.strip())
    return code


def _codes(kind: str, platform: str, said: str) -> QuerySet[Any, str]:
    match kind:
        case RemoteKind.WAREHOUSE:
            return Warehouse.objects.filter(code__iexact=said).values_list("code", flat=True)
        case RemoteKind.SERVICE:
            services = CarrierService.objects.filter(carrier__platform=platform)
            return services.filter(code__iexact=said).values_list("code", flat=True)
        case RemoteKind.PRODUCT:
            return Product.objects.by_sku([said]).values_list("sku", flat=True)
        case _:
            named = Product.objects.filter(category=said).exclude(category="")
            return named.values_list("category", flat=True)


@transaction.atomic
def map_unmatched(thing: Unmatched, ours: str) -> RemoteId:
    """Say what of ours it is; everything that waited for that goes on. Raises NotOurs."""
    return map_remote_id(
        platform=thing.platform,
        kind=thing.kind,
        ours=our_code(thing.kind, thing.platform, ours),
        theirs=thing.theirs,
        name=thing.name,
    )


@transaction.atomic
def leave_out(thing: Unmatched, *, is_ignored: bool = True) -> None:
    """Take it off the list of what is open, or put it back; later syncs respect that."""
    before = thing.is_ignored
    Unmatched.objects.filter(pk=thing.pk).update(is_ignored=is_ignored)
    thing.is_ignored = is_ignored
    record_audit(
        "leave_out" if is_ignored else "put_back",
        thing,
        before={"is_ignored": before},
        after={"is_ignored": is_ignored},
    )
