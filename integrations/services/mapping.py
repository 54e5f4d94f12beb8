"""Map once, and everything that waited for it goes on."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.audit import record_audit, snapshot
from integrations.errors import NotWaitingForHelp
from integrations.models import Dispatch, DispatchState, RemoteId, Unmatched
from integrations.services.help import retry_dispatch


@transaction.atomic
def map_remote_id(*, platform: str, kind: str, ours: str, theirs: str, name: str = "") -> RemoteId:
    """Say what a code of ours is called at a platform, and replay what waited for it."""
    known = RemoteId.objects.filter(platform=platform, kind=kind, ours=ours).first()
    before = snapshot(known) if known else {}
    mapping, _created = RemoteId.objects.update_or_create(
        platform=platform,
        kind=kind,
        ours=ours,
        defaults={
            "theirs": theirs,
            "their_name": name,
            "is_by_hand": True,
            "updated_at": timezone.now(),
        },
    )
    Unmatched.objects.filter(platform=platform, kind=kind, theirs=theirs).delete()
    action = "change_mapping" if known else "add_mapping"
    record_audit(action, mapping, before=before, after=snapshot(mapping))
    replay_waiting(kind, platform=platform, ours=ours)
    return mapping


@transaction.atomic
def unmap_remote_id(mapping: RemoteId) -> None:
    """Forget a mapping; what needs it will ask for it."""
    record_audit("delete_mapping", mapping, before=snapshot(mapping))
    mapping.delete()


def replay_waiting(kind: str, *, platform: str = "", ours: str = "") -> int:
    """Retry every dispatch that waits for a mapping of this kind; returns how many.

    `ours` narrows it to one code, `platform` to one platform.
    """
    waiting = _waiting(kind, platform)
    if ours:
        waiting = waiting.filter(missing=f"{kind}:{ours}")
    return sum(_go_on(dispatch) for dispatch in waiting)


def replay_mapped(kind: str, platform: str) -> int:
    """Retry every dispatch that waits for a mapping which is there by now; returns how many."""
    missing = {
        dispatch: dispatch.missing.partition(":")[2] for dispatch in _waiting(kind, platform)
    }
    known = set(
        RemoteId.objects.filter(
            platform=platform, kind=kind, ours__in=set(missing.values())
        ).values_list("ours", flat=True)
    )
    return sum(_go_on(dispatch) for dispatch, ours in missing.items() if ours in known)


def _waiting(kind: str, platform: str) -> QuerySet[Dispatch]:
    waiting = Dispatch.objects.filter(
        state=DispatchState.NEEDS_HELP, missing__startswith=f"{kind}:"
    )
    return (waiting.filter(platform=platform) if platform else waiting).order_by("id")


def _go_on(dispatch: Dispatch) -> bool:
    """False when somebody else has let it go on by now."""
    try:
        retry_dispatch(dispatch)
    except NotWaitingForHelp:
        return False
    return True
