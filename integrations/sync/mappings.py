"""What a page of a platform's list changes in our mappings and in the list of things to map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from integrations.models import RemoteId, RemoteKind, Unmatched
from integrations.sync.matching import Found
from integrations.sync.tables import category_rows, service_rows
from warehouses.models import CarrierService, Product

_CODES_ARE_IDS = frozenset({"veeqo"})


@dataclass(slots=True)
class Sorted:
    """A page sorted by what is to be done; `seen` are mappings it confirms."""

    new: dict[str, Found] = field(default_factory=dict)
    seen: list[RemoteId] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    open: dict[str, Unmatched] = field(default_factory=dict)


def keep_page(platform: str, kind: str, found: Sequence[Found]) -> None:
    """Map what is certain, list the rest; in the caller's transaction.

    What a person mapped stays as it is.
    """
    sorted_out = _sort(platform, kind, found)
    now = timezone.now()
    _create(platform, kind, sorted_out.new.values(), now)
    RemoteId.objects.filter(pk__in=[row.pk for row in sorted_out.seen]).update(seen_at=now)
    _list(sorted_out.open.values(), now)
    lines = Unmatched.objects.filter(platform=platform, kind=kind)
    lines.filter(theirs__in=sorted_out.settled).delete()


def _sort(platform: str, kind: str, found: Sequence[Found]) -> Sorted:
    codes, ids = {each.ours for each in found} - {""}, {each.theirs for each in found}
    rows = RemoteId.objects.filter(platform=platform, kind=kind)
    known = list(rows.filter(Q(ours__in=codes) | Q(theirs__in=ids)))
    by_ours = {row.ours: row for row in known}
    by_hand = {row.theirs: row for row in known if row.is_by_hand}
    page = Sorted()
    for each in found:
        _place(each, page, by_ours, by_hand, Unmatched(platform=platform, kind=kind))
    return page


def _place(
    each: Found,
    page: Sorted,
    by_ours: dict[str, RemoteId],
    by_hand: dict[str, RemoteId],
    line: Unmatched,
) -> None:
    mapping = by_hand.get(each.theirs) or by_ours.get(each.ours)
    if mapping and mapping.theirs == each.theirs:
        page.seen.append(mapping)
        page.settled.add(each.theirs)
    elif each.ours and mapping is None and each.ours not in page.new:
        page.new[each.ours] = each
        page.settled.add(each.theirs)
    else:
        line.theirs, line.name, line.about = each.theirs, each.name[:200], each.about[:300]
        # One that a person mapped otherwise is not offered for it again.
        line.suggested = "" if mapping and mapping.is_by_hand else each.ours
        page.open[each.theirs] = line


def _create(platform: str, kind: str, found: Iterable[Found], now: datetime) -> None:
    rows = [
        RemoteId(
            platform=platform,
            kind=kind,
            ours=each.ours,
            theirs=each.theirs,
            their_name=each.name[:200],
            is_by_hand=False,
            seen_at=now,
        )
        for each in found
    ]
    # Somebody who maps the same code at this moment is right.
    RemoteId.objects.bulk_create(rows, ignore_conflicts=True)


def _list(lines: Iterable[Unmatched], now: datetime) -> None:
    rows = list(lines)
    for line in rows:
        line.seen_at = line.first_seen_at = now
    Unmatched.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["platform", "kind", "theirs"],
        update_fields=["name", "about", "suggested", "seen_at"],
    )


def finish_pass(platform: str, kind: str, started_at: datetime) -> None:
    """After the last page: forget what is no longer there, let new ids take over from lost ones.

    In the caller's transaction.
    """
    lines = Unmatched.objects.filter(platform=platform, kind=kind)
    lines.filter(seen_at__lt=started_at).delete()
    lost = RemoteId.objects.filter(
        platform=platform, kind=kind, is_by_hand=False, seen_at__lt=started_at
    )
    for line in lines.exclude(suggested="").order_by("first_seen_at", "id"):
        new = {"theirs": line.theirs, "their_name": line.name, "seen_at": timezone.now()}
        if lost.filter(ours=line.suggested).update(updated_at=timezone.now(), **new):
            line.delete()


def map_by_code(platform: str) -> None:
    """Services without a mapping, where the platform's codes are its ids: the table's code.

    Veeqo has no list of services, and its quotes name them by code.
    """
    if platform not in _CODES_ARE_IDS:
        return
    services = CarrierService.objects.filter(carrier__platform=platform, is_active=True)
    mapped = RemoteId.objects.filter(platform=platform, kind=RemoteKind.SERVICE)
    wanted = set(services.values_list("code", flat=True)) - set(
        mapped.values_list("ours", flat=True)
    )
    found = [
        Found(row.code, row.name, "", row.service)
        for row in service_rows()
        if row.platform == platform and row.service in wanted
    ]
    _create(platform, RemoteKind.SERVICE, found, timezone.now())


def map_categories(platform: str) -> None:
    """The table's word for each category of our products that has none yet."""
    ours = set(Product.objects.exclude(category="").values_list("category", flat=True).distinct())
    rows = RemoteId.objects.filter(platform=platform, kind=RemoteKind.CATEGORY)
    wanted = ours - set(rows.values_list("ours", flat=True))
    found = [
        Found(row.code, row.code, "", row.category)
        for row in category_rows()
        if row.platform == platform and row.category in wanted
    ]
    _create(platform, RemoteKind.CATEGORY, found, timezone.now())
